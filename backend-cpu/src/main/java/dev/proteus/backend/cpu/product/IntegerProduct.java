package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.backend.cpu.vector.LongCopies;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import java.util.Arrays;

/// The products of matrices of an integer type. Sums are kept in int64 and cut off at the end,
/// which is what wrapping means.
///
/// @param a left operand `[*, m, k]`
/// @param b right operand `[*, k, n]`
/// @param c result `[*, m, n]`
record IntegerProduct(Operand a, Operand b, Operand c) {
  /// Columns whose sums stay in the first-level cache.
  private static final int COLUMNS = 512;

  private static final long WORTHWHILE = 1 << 16;

  void run(CpuBackend backend) {
    Shape shape = c.shape();
    Shape batch = shape.slice(0, shape.rank() - 2);
    Batch left = new Batch(a, batch);
    Batch right = new Batch(b, batch);
    Batch result = new Batch(c, batch);
    long m = shape.size(-2);
    long n = shape.size(-1);
    int k = Math.toIntExact(a.shape().size(-1));
    long grain = Math.max(1, WORTHWHILE / (n * k + 1));
    backend
        .threads()
        .forRange(
            batch.numel() * m,
            grain,
            (from, to) -> {
              long[] sums = new long[COLUMNS];
              long[] values = new long[COLUMNS];
              for (long i = from; i < to; i++) {
                NativeMatrix rows = left.matrix(i / m);
                NativeMatrix columns = right.matrix(i / m);
                NativeMatrix results = result.matrix(i / m);
                for (long j = 0; j < n; j += COLUMNS) {
                  int width = (int) Math.min(COLUMNS, n - j);
                  sum(rows, i % m, columns, j, width, k, sums, values);
                  LongCopies.store(sums, 0, width, results, i % m, j);
                }
              }
            });
  }

  private static void sum(
      NativeMatrix a,
      long row,
      NativeMatrix b,
      long column,
      int width,
      int k,
      long[] sums,
      long[] values) {
    Arrays.fill(sums, 0, width, 0);
    long[] factor = new long[1];
    for (int i = 0; i < k; i++) {
      LongCopies.load(a, row, i, 1, factor, 0);
      LongCopies.load(b, i, column, width, values, 0);
      long x = factor[0];
      for (int j = 0; j < width; j++) {
        sums[j] += x * values[j];
      }
    }
  }
}
