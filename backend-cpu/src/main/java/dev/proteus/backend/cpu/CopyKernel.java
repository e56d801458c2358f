package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Copies elements between any two layouts: as memory where both run alike, by tiles where one is
/// transposed.
public final class CopyKernel implements Kernel {
  private final Threads threads;

  /// A kernel that splits large copies over `threads`.
  public CopyKernel(Threads threads) {
    this.threads = threads;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    copy(inputs.getFirst(), outputs.getFirst());
  }

  /// Copies all elements of `from` to the same indices of `to`, which has its shape and its type.
  public void copy(Operand from, Operand to) {
    long n = to.layout().numel();
    int width = to.dtype().bytes();
    if (n == 0) {
      return;
    }
    if (from.layout().isContiguous() && to.layout().isContiguous()) {
      Lines lines = new Lines(from, to, width);
      threads.forRange(n, 4 * Costs.GRAIN / width, (at, end) -> lines.copy(at, at, end - at, 1, 1));
    } else {
      strided(from, to, width);
    }
  }

  /// The memory of both operands.
  private static final class Lines {
    private final MemorySegment from;
    private final MemorySegment to;
    private final long fromStart;
    private final long toStart;
    private final int width;

    Lines(Operand from, Operand to, int width) {
      this.from = CpuStorage.segment(from);
      this.to = CpuStorage.segment(to);
      this.fromStart = CpuStorage.start(from);
      this.toStart = CpuStorage.start(to);
      this.width = width;
    }

    void copy(long fromAt, long toAt, long n, long fromStep, long toStep) {
      Words.copy(
          width, from, fromStart + fromAt * width, fromStep, to, toStart + toAt * width, toStep, n);
    }

    void transpose(
        Tile tile, long fromAt, long fromPitch, long toAt, long toPitch, int rows, int columns) {
      tile.transpose(
          from,
          fromStart + fromAt * width,
          fromPitch * width,
          to,
          toStart + toAt * width,
          toPitch * width,
          rows,
          columns);
    }
  }

  private void strided(Operand from, Operand to, int width) {
    long[][] strides = {from.layout().strides(), to.layout().strides()};
    Space space = Space.of(to.shape(), strides, Space.order(to.layout()));
    Lines lines = new Lines(from, to, width);
    if (space.isAcross(0) && space.lastStride(1) == 1) {
      transposed(space, space.axisOfStep(0), lines, width);
    } else {
      runs(space, lines);
    }
  }

  private void runs(Space space, Lines lines) {
    long fromStep = space.lastStride(0);
    long toStep = space.lastStride(1);
    threads.forRange(
        space.numel(),
        Costs.GRAIN,
        (at, end) -> {
          Walk walk = new Walk(space, 2);
          walk.moveTo(at);
          for (long left = end - at; left > 0; ) {
            long run = Math.min(left, walk.run());
            lines.copy(walk.offset(0), walk.offset(1), run, fromStep, toStep);
            walk.advance(run);
            left -= run;
          }
        });
  }

  /// The fastest axis of the result and the axis `across`, along which the operand moves by one,
  /// make a matrix; the others say which one.
  private void transposed(Space space, int across, Lines lines, int width) {
    long rows = space.lastSize();
    long columns = space.sizes()[across];
    long fromPitch = space.lastStride(0);
    long toPitch = space.strides(1)[across];
    long down = (rows + Tile.SIDE - 1) / Tile.SIDE;
    long tiles = down * ((columns + Tile.SIDE - 1) / Tile.SIDE);
    Space others = space.without(across);
    threads.forRange(
        others.numel() * tiles,
        4,
        (at, end) -> {
          Walk walk = new Walk(others, 2);
          Tile tile = new Tile(width);
          for (long i = at; i < end; i++) {
            walk.moveTo(i / tiles);
            long column = i % tiles / down * Tile.SIDE;
            long row = i % down * Tile.SIDE;
            lines.transpose(
                tile,
                walk.offset(0) + row * fromPitch + column,
                fromPitch,
                walk.offset(1) + row + column * toPitch,
                toPitch,
                (int) Math.min(Tile.SIDE, rows - row),
                (int) Math.min(Tile.SIDE, columns - column));
          }
        });
  }
}
