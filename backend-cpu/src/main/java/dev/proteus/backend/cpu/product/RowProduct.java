package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.Threads;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Scratch;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.type.DType;
import java.util.Optional;

/// The product of one row by a matrix in float32. The matrix is read once, where it lies: memory,
/// not arithmetic, is the limit.
///
/// @param x the row, `[1, k]`
/// @param b the matrix, `[k, n]`, with rows or columns that are contiguous
/// @param bias what is added to the result, `[1, n]`
/// @param c the result, `[1, n]`
/// @param k length of the row
/// @param n columns of the matrix
record RowProduct(
    NativeMatrix x, NativeMatrix b, Optional<NativeMatrix> bias, NativeMatrix c, int k, long n) {
  /// Columns that one call computes: their sums stay in the first-level cache, and results do not
  /// depend on how columns are shared out.
  private static final int COLUMNS = 256;

  private static final long WORTHWHILE = 1 << 16;
  private static final Tiles<float[]> TILES = InnerLoops.CHOSEN.floats();

  /// Whether there is such a product for this matrix.
  static boolean accepts(NativeMatrix b, long k) {
    return b.dtype() == DType.FLOAT32
        && (b.columnStride() == 1 || b.rowStride() == 1)
        && k <= 1 << 24;
  }

  void run(Threads threads, Scratch scratch) {
    float[] row = scratch.floats(k);
    TILES.load(x, 0, 0, 1, k, row, 0, k);
    long unit = b.columnStride() == 1 ? COLUMNS : 64;
    long grain = Math.max(1, WORTHWHILE / (k * unit + 1)) * unit;
    threads.forRange(n, grain, (from, to) -> columns(scratch, row, from, to));
    scratch.give(row);
  }

  private void columns(Scratch scratch, float[] row, long from, long to) {
    float[] sums = scratch.floats(COLUMNS);
    float[] added = scratch.floats(COLUMNS);
    for (long column = from; column < to; column += COLUMNS) {
      int width = (int) Math.min(COLUMNS, to - column);
      if (b.columnStride() == 1) {
        TILES.fill(sums, 0, width, 0);
        InnerLoops.CHOSEN.products().addRows(k, row, b, column, width, sums, 0);
      } else {
        InnerLoops.CHOSEN.products().dots(k, row, b, column, width, sums, 0);
      }
      if (bias.isPresent()) {
        TILES.load(bias.get(), 0, column, 1, width, added, 0, width);
        for (int j = 0; j < width; j++) {
          sums[j] += added[j];
        }
      }
      TILES.store(sums, 0, width, 1, width, c, 0, column);
    }
    scratch.give(sums);
    scratch.give(added);
  }
}
