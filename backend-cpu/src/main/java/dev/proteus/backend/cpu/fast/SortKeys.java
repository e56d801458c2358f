package dev.proteus.backend.cpu.fast;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.proteus.backend.cpu.vector.LongCopies;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.op.Sort;
import dev.proteus.type.DType;
import dev.proteus.type.Halves;
import java.lang.foreign.MemorySegment;

/// Elements as integers of the same order: both zeros are one, and all NaN are one that is larger
/// than any number.
///
/// @param dtype element type
/// @param order which elements come first
record SortKeys(DType dtype, Sort.Order order) {
  /// Whether keys have 32 bits.
  boolean isNarrow() {
    return dtype.bytes() <= 4;
  }

  /// Writes for each element of a row its key, as the upper half of a signed number, and its place
  /// below.
  void narrow(NativeMatrix x, long row, int n, long[] keys) {
    if (dtype.isFloating()) {
      for (int i = 0; i < n; i++) {
        keys[i] = key(x.segment(), x.at(row, i));
      }
    } else {
      LongCopies.load(x, row, 0, n, keys, 0);
    }
    for (int i = 0; i < n; i++) {
      int key = (int) keys[i];
      keys[i] = (long) (order == Sort.Order.ASCENDING ? key : ~key) << 32 | i;
    }
  }

  private int key(MemorySegment segment, long at) {
    float value =
        dtype == DType.FLOAT32
            ? segment.get(JAVA_FLOAT_UNALIGNED, at)
            : Halves.toFloat(dtype, segment.get(JAVA_SHORT_UNALIGNED, at));
    int bits = Float.floatToIntBits(value + 0f);
    return bits ^ bits >> 31 & Integer.MAX_VALUE;
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
