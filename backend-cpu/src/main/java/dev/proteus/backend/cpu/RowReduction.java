package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.ReduceKernel.Folding;

/// Folds rows: several short ones in a block, or a long one in many blocks.
final class RowReduction {
  private static final int BLOCK = Frame.BLOCK;

  private RowReduction() {}

  static void run(Folding folding) {
    if (folding.length() <= BLOCK / 2) {
      shortRows(folding);
    } else {
      longRows(folding);
    }
  }

  private static void shortRows(Folding folding) {
    int length = (int) folding.length();
    int rows = BLOCK / Math.max(1, length);
    Path[] paths = folding.byRows();
    Path target = folding.target();
    long grain = rows * Math.max(1, Costs.grain((long) folding.program().cost() * length) / rows);
    folding
        .threads()
        .forRange(
            folding.results(),
            grain,
            (from, to) -> {
              Frame frame = folding.take(paths);
              int register = folding.program().result();
              for (long row = from; row < to; row += rows) {
                int count = (int) Math.min(rows, to - row);
                Partials results = new Partials(folding.kind(), folding.bank(), count);
                if (length > 0) {
                  folding.program().run(frame, row * length, count * length);
                  for (int i = 0; i < count; i++) {
                    results.fold(frame, register, i * length, length, i);
                  }
                }
                results.toRegister(frame, register, 0, 1, count);
                target.store(frame, register, row, count);
              }
              folding.giveBack(frame);
            });
  }

  private static void longRows(Folding folding) {
    long length = folding.length();
    int blocks = Math.toIntExact((length + BLOCK - 1) / BLOCK);
    int results = Math.toIntExact(folding.results());
    Partials partials =
        new Partials(folding.kind(), folding.bank(), Math.multiplyExact(results, blocks));
    Path[] paths = folding.byRows();
    long grain = Math.max(1, Costs.grain(folding.program().cost()) / BLOCK);
    folding
        .threads()
        .forRange(
            (long) results * blocks,
            grain,
            (from, to) -> {
              Frame frame = folding.take(paths);
              for (long at = from; at < to; at++) {
                long row = at / blocks;
                long first = (at - row * blocks) * BLOCK;
                int count = (int) Math.min(BLOCK, length - first);
                folding.program().run(frame, row * length + first, count);
                partials.fold(frame, folding.program().result(), 0, count, (int) at);
              }
              folding.giveBack(frame);
            });
    folding
        .threads()
        .forRange(
            results,
            Costs.grain(blocks),
            (from, to) -> {
              for (long row = from; row < to; row++) {
                partials.merge((int) row * blocks, 1, 1, blocks);
              }
              store(folding, partials, blocks, from, to);
            });
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
