package dev.proteus.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.proteus.expr.Evaluate;
import dev.proteus.type.DType;
import dev.proteus.type.Halves;
import java.lang.foreign.MemorySegment;

/// Conversions from and to float64 on the host, by rule DT-24: for devices that have no float64.
final class HostCasts {
  private HostCasts() {}

  /// Elements of a type as float64.
  static MemorySegment toDoubles(MemorySegment values, DType from) {
    double[] doubles = new double[Math.toIntExact(values.byteSize() / from.bytes())];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = read(values, from, (long) i * from.bytes());
    }
    return MemorySegment.ofArray(doubles);
  }

  /// Float64 elements as those of a type, in memory aligned for any.
  static MemorySegment ofDoubles(MemorySegment doubles, DType to) {
    long count = doubles.byteSize() / Double.BYTES;
    MemorySegment values = HostCopies.onHeap(count * to.bytes());
    for (long i = 0; i < count; i++) {
      write(values, to, i * to.bytes(), doubles.getAtIndex(JAVA_DOUBLE_UNALIGNED, i));
    }
    return values;
  }

  private static double read(MemorySegment values, DType from, long at) {
    return switch (from) {
      case FLOAT64 -> values.get(JAVA_DOUBLE_UNALIGNED, at);
      case FLOAT32 -> values.get(JAVA_FLOAT_UNALIGNED, at);
      case FLOAT16, BFLOAT16 -> Halves.toFloat(from, values.get(JAVA_SHORT_UNALIGNED, at));
      case INT64 -> values.get(JAVA_LONG_UNALIGNED, at);
      case INT32 -> values.get(JAVA_INT_UNALIGNED, at);
      case INT16 -> values.get(JAVA_SHORT_UNALIGNED, at);
      case INT8, UINT8, BOOL -> Evaluate.wrapped(from, values.get(JAVA_BYTE, at));
    };
  }

  private static void write(MemorySegment values, DType to, long at, double value) {
    switch (to) {
      case FLOAT64 -> values.set(JAVA_DOUBLE_UNALIGNED, at, value);
      case FLOAT32 -> values.set(JAVA_FLOAT_UNALIGNED, at, (float) value);
      case FLOAT16, BFLOAT16 ->
          values.set(JAVA_SHORT_UNALIGNED, at, Halves.toBits(to, (float) value));
      case INT64 -> values.set(JAVA_LONG_UNALIGNED, at, (long) value);
      case INT32 -> values.set(JAVA_INT_UNALIGNED, at, (int) (long) value);
      case INT16 -> values.set(JAVA_SHORT_UNALIGNED, at, (short) (long) value);
      case INT8, UINT8 -> values.set(JAVA_BYTE, at, (byte) (long) value);
      case BOOL -> values.set(JAVA_BYTE, at, (byte) (value != 0 ? 1 : 0));
    }
  }
}
