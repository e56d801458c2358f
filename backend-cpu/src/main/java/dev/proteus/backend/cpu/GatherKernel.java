package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.op.Gather;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Reads elements at given indices. Where neighbours share an index, as in an embedding, whole rows
/// are copied.
final class GatherKernel implements Kernel {
  private static final int X = 0;
  private static final int INDEX = 1;
  private static final int OUT = 2;

  private final Gather op;
  private final Threads threads;

  GatherKernel(Gather op, Threads threads) {
    this.op = op;
    this.threads = threads;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand out = outputs.getFirst();
    if (out.layout().numel() > 0) {
      Reading reading = new Reading(op, inputs.get(0), inputs.get(1), out);
      threads.forRange(out.layout().numel(), reading.grain(), reading::read);
    }
  }

  /// One run. The operand's place counts without the indexed axis, which the index adds.
  private static final class Reading {
    private final Space space;
    private final Index index;
    private final MemorySegment from;
    private final MemorySegment to;
    private final long fromStart;
    private final long toStart;
    private final int width;

    Reading(Gather op, Operand x, Operand index, Operand out) {
      long[] others = x.layout().strides();
      this.index = new Index(op.name(), op.axis(), x, index);
      if (others.length > 0) {
        others[op.axis()] = 0;
      }
      long[][] strides = {others, index.layout().strides(), out.layout().strides()};
      this.space = Space.of(out.shape(), strides, Space.order(out.layout()));
      this.from = CpuStorage.segment(x);
      this.to = CpuStorage.segment(out);
      this.fromStart = CpuStorage.start(x);
      this.toStart = CpuStorage.start(out);
      this.width = x.dtype().bytes();
    }

    long grain() {
      return space.lastStride(INDEX) == 0 ? Costs.GRAIN : Costs.GRAIN / 8;
    }

    void read(long at, long end) {
      Walk walk = new Walk(space, 3);
      walk.moveTo(at);
      for (long left = end - at; left > 0; ) {
        long run = Math.min(left, walk.run());
        if (space.lastStride(INDEX) == 0) {
          row(walk, run);
        } else {
          each(walk, run);
        }
        walk.advance(run);
        left -= run;
      }
    }

    private void row(Walk walk, long n) {
      long place = walk.offset(X) + index.at(walk.offset(INDEX));
      Words.copy(
          width,
          from,
          fromStart + place * width,
          space.lastStride(X),
          to,
          toStart + walk.offset(OUT) * width,
          space.lastStride(OUT),
          n);
    }

    private void each(Walk walk, long n) {
      for (long i = 0; i < n; i++) {
        long place =
            walk.offset(X)
                + i * space.lastStride(X)
                + index.at(walk.offset(INDEX) + i * space.lastStride(INDEX));
        long target = walk.offset(OUT) + i * space.lastStride(OUT);
        Words.copy(width, from, fromStart + place * width, to, toStart + target * width);
      }
    }
  }
}
