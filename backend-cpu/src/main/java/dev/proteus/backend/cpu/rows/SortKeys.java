package dev.proteus.backend.cpu.rows;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;

import dev.proteus.backend.cpu.vector.FloatCopies;
import dev.proteus.backend.cpu.vector.LongCopies;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.op.Sort;
import dev.proteus.type.DType;

/// Elements as integers of the same order: both zeros are one, and all NaN are one that is larger
/// than any number.
///
/// @param dtype element type
/// @param order which elements come first
record SortKeys(DType dtype, Sort.Order order) {
  private static final int PIECE = 1024;

  /// Whether keys have 32 bits.
  boolean isNarrow() {
    return dtype.bytes() <= 4;
  }

  /// Writes for each element of a row its key, as the upper half of a signed number, and its place
  /// below.
  void narrow(NativeMatrix x, long row, int n, long[] keys) {
    if (dtype.isFloating()) {
      floats(x, row, n, keys);
    } else {
      LongCopies.load(x, row, 0, n, keys, 0);
    }
    for (int i = 0; i < n; i++) {
      int key = (int) keys[i];
      keys[i] = (long) (order == Sort.Order.ASCENDING ? key : ~key) << 32 | i;
    }
  }

  private void floats(NativeMatrix x, long row, int n, long[] keys) {
    float[] values = new float[Math.min(n, PIECE)];
    for (int done = 0; done < n; done += PIECE) {
      int count = Math.min(PIECE, n - done);
      FloatCopies.load(x, row, done, 1, count, values, 0, count);
      for (int i = 0; i < count; i++) {
        int bits = Float.floatToIntBits(values[i] + 0f);
        keys[done + i] = bits ^ bits >> 31 & Integer.MAX_VALUE;
      }
    }
  }

  /// Writes for each element of a row its key, as an unsigned number.
  void wide(NativeMatrix x, long row, int n, long[] keys) {
    if (dtype.isFloating()) {
      for (int i = 0; i < n; i++) {
        double value = x.segment().get(JAVA_DOUBLE_UNALIGNED, x.at(row, i));
        long bits = Double.doubleToLongBits(value + 0.0);
        keys[i] = bits ^ bits >> 63 & Long.MAX_VALUE;
      }
    } else {
      LongCopies.load(x, row, 0, n, keys, 0);
    }
    for (int i = 0; i < n; i++) {
      keys[i] = (order == Sort.Order.ASCENDING ? keys[i] : ~keys[i]) ^ Long.MIN_VALUE;
    }
  }
}
