package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.ReduceKernel.Folding;
import dev.proteus.backend.cpu.vector.Loops;
import dev.proteus.backend.cpu.vector.MemoryLoops;
import dev.proteus.op.Reduce;
import java.util.Arrays;
import java.util.Optional;

/// Folds rows: several short ones in a block, or a long one in many blocks.
final class RowReduction {
  private static final int BLOCK = Frame.BLOCK;

  /// Floats that a sweep takes before its running results are added up, and those that are folded
  /// in their own type: whole numbers of blocks.
  private static final int RUN = 2 * BLOCK;

  private static final int UNIT = 16 * BLOCK;

  private final Folding folding;
  private final Path[] paths;
  private final Optional<MemoryLoops> direct;
  private final long length;
  private final int register;

  private RowReduction(Folding folding) {
    this.folding = folding;
    this.paths = folding.byRows();
    this.direct = folding.direct();
    this.length = folding.length();
    this.register = folding.program().result();
  }

  static void run(Folding folding) {
    RowReduction rows = new RowReduction(folding);
    if (rows.length <= BLOCK / 2) {
      rows.shortRows();
    } else {
      rows.longRows();
    }
  }

  private void shortRows() {
    int together = BLOCK / (int) Math.max(1, length);
    long grain = Costs.grain(folding.program().cost() * length) / together;
    folding
        .threads()
        .forRange(
            folding.results(),
            Math.max(1, grain) * together,
            (from, to) -> shortRows(from, to, together));
  }

  private void shortRows(long from, long to, int together) {
    Frame frame = folding.take(paths);
    Path target = folding.target();
    for (long row = from; row < to; row += together) {
      int count = (int) Math.min(together, to - row);
      Partials results = new Partials(folding.kind(), folding.bank(), count);
      if (length > 0) {
        int size = (int) length;
        folding.program().run(frame, row * length, count * size);
        for (int i = 0; i < count; i++) {
          results.fold(frame, register, i * size, size, i);
        }
      }
      results.toRegister(frame, register, 0, 1, count);
      target.store(frame, register, row, count);
    }
    folding.giveBack(frame);
  }

  private void longRows() {
    int units = Math.toIntExact((length + UNIT - 1) / UNIT);
    int results = Math.toIntExact(folding.results());
    int parts = Math.multiplyExact(results, units);
    Partials partials = new Partials(folding.kind(), folding.bank(), parts);
    long grain = Math.max(1, Costs.grain(folding.program().cost()) / UNIT);
    folding.threads().forRange(parts, grain, (from, to) -> foldUnits(partials, units, from, to));
    folding
        .threads()
        .forRange(
            results,
            Costs.grain(units),
            (from, to) -> {
              for (long row = from; row < to; row++) {
                partials.merge((int) row * units, 1, 1, units);
              }
              store(folding, partials, units, from, to);
            });
  }

  private void foldUnits(Partials partials, int units, long from, long to) {
    Frame frame = folding.take(paths);
    for (long part = from; part < to; part++) {
      long row = part / units;
      long first = (part - row * units) * UNIT;
      long index = row * length + first;
      int count = (int) Math.min(UNIT, length - first);
      if (folding.bank() == Bank.FLOATS) {
        partials.take((double) sweep(frame, index, count), (int) part);
      } else {
        foldBlocks(frame, partials, (int) part, index, count);
      }
    }
    folding.giveBack(frame);
  }

  private void foldBlocks(Frame frame, Partials partials, int part, long index, int n) {
    for (int at = 0; at < n; at += BLOCK) {
      int count = Math.min(BLOCK, n - at);
      folding.program().run(frame, index + at, count);
      partials.fold(frame, register, 0, count, part);
    }
  }

  /// Folds a unit of floats: in runs into a few running results, those into totals, and these
  /// pairwise. No number takes part in more than some dozens of additions, so sums stay accurate.
  private float sweep(Frame frame, long index, int n) {
    Reduce.Kind kind = folding.kind();
    int spare = folding.program().registers(Bank.FLOATS);
    float[] lanes = frame.floats[spare];
    float[] totals = frame.floats[spare + 1];
    float none = (float) Partials.identity(kind);
    Arrays.fill(totals, 0, Loops.RUNNING, none);
    for (int at = 0; at < n; at += RUN) {
      Arrays.fill(lanes, 0, Loops.RUNNING, none);
      sweep(frame, lanes, index + at, Math.min(RUN, n - at));
      frame.loops.combine(kind, totals, 0, lanes, 0, Loops.RUNNING);
    }
    return frame.loops.fold(kind, totals, 0, Loops.RUNNING);
  }

  private void sweep(Frame frame, float[] lanes, long index, int n) {
    Reduce.Kind kind = folding.kind();
    if (direct.isPresent() && paths[0].isFloatRow(index, n)) {
      long place = paths[0].place(frame, index);
      direct.get().sweep(kind, lanes, paths[0].segment(), place, n);
      return;
    }
    for (int at = 0; at < n; at += BLOCK) {
      int count = Math.min(BLOCK, n - at);
      folding.program().run(frame, index + at, count);
      frame.loops.sweep(kind, lanes, frame.floats[register], count);
    }
  }

  /// Stores results that lie `apart` from each other.
  static void store(Folding folding, Partials partials, int apart, long from, long to) {
    Path target = folding.target();
    Frame frame = folding.take(new Path[0]);
    int register = folding.program().result();
    for (long at = from; at < to; at += BLOCK) {
      int count = (int) Math.min(BLOCK, to - at);
      partials.toRegister(frame, register, (int) at * apart, apart, count);
      target.store(frame, register, at, count);
    }
    folding.giveBack(frame);
  }
}
