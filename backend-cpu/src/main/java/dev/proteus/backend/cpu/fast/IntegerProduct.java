package dev.proteus.backend.cpu.fast;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;

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
                  store(results, i % m, j, width, sums);
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
    java.util.Arrays.fill(sums, 0, width, 0);
    long[] factor = new long[1];
    for (int i = 0; i < k; i++) {
      load(a, row, i, 1, factor);
      load(b, i, column, width, values);
      long x = factor[0];
      for (int j = 0; j < width; j++) {
        sums[j] += x * values[j];
      }
    }
  }

  private static void load(NativeMatrix from, long row, long column, int count, long[] to) {
    MemorySegment segment = from.segment();
    long start = from.at(row, column);
    long step = from.columnStride() * from.dtype().bytes();
    switch (from.dtype()) {
      case INT64 -> {
        for (int j = 0; j < count; j++) {
          to[j] = segment.get(JAVA_LONG_UNALIGNED, start + j * step);
        }
      }
      case INT32 -> {
        for (int j = 0; j < count; j++) {
          to[j] = segment.get(JAVA_INT_UNALIGNED, start + j * step);
        }
      }
      case INT16 -> {
        for (int j = 0; j < count; j++) {
          to[j] = segment.get(JAVA_SHORT_UNALIGNED, start + j * step);
        }
      }
      case INT8 -> {
        for (int j = 0; j < count; j++) {
          to[j] = segment.get(JAVA_BYTE, start + j * step);
        }
      }
      case UINT8 -> {
        for (int j = 0; j < count; j++) {
          to[j] = segment.get(JAVA_BYTE, start + j * step) & 0xFF;
        }
      }
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16, BOOL ->
          throw new IllegalArgumentException("no integers: " + from.dtype());
    }
  }

  private static void store(NativeMatrix to, long row, long column, int count, long[] from) {
    MemorySegment segment = to.segment();
    long start = to.at(row, column);
    long step = to.columnStride() * to.dtype().bytes();
    for (int j = 0; j < count; j++) {
      switch (to.dtype()) {
        case INT64 -> segment.set(JAVA_LONG_UNALIGNED, start + j * step, from[j]);
        case INT32 -> segment.set(JAVA_INT_UNALIGNED, start + j * step, (int) from[j]);
        case INT16 -> segment.set(JAVA_SHORT_UNALIGNED, start + j * step, (short) from[j]);
        case INT8, UINT8 -> segment.set(JAVA_BYTE, start + j * step, (byte) from[j]);
        case FLOAT64, FLOAT32, FLOAT16, BFLOAT16, BOOL ->
            throw new IllegalArgumentException("no integers: " + to.dtype());
      }
    }
  }
}
