package dev.proteus.oracle;

import dev.proteus.type.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Elements in memory, encoded here and not by the engine: a mistake there must not hide itself.
final class Numbers {
  private Numbers() {}

  static void put(MemorySegment to, DType dtype, long at, double value) {
    switch (dtype) {
      case FLOAT64 -> to.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
      case FLOAT32 -> to.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) value);
      case FLOAT16 ->
          to.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16((float) value));
      case BFLOAT16 ->
          to.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, at, brainBits((float) value));
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> put(to, dtype, at, (long) value);
    }
  }

  static void put(MemorySegment to, DType dtype, long at, long value) {
    switch (dtype) {
      case INT64 -> to.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
      case INT32 -> to.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
      case INT16 -> to.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
      case INT8, UINT8, BOOL -> to.set(ValueLayout.JAVA_BYTE, at, (byte) value);
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> put(to, dtype, at, (double) value);
    }
  }

  /// A floating element.
  static double real(MemorySegment from, DType dtype, long at) {
    return switch (dtype) {
      case FLOAT64 -> from.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
      case FLOAT32 -> from.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
      case FLOAT16 -> Float.float16ToFloat(from.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, at));
      case BFLOAT16 ->
          Float.intBitsToFloat(from.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, at) << 16);
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> whole(from, dtype, at);
    };
  }

  /// An element that is no floating one.
  static long whole(MemorySegment from, DType dtype, long at) {
    return switch (dtype) {
      case INT64 -> from.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, at);
      case INT32 -> from.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, at);
      case INT16 -> from.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, at);
      case INT8 -> from.get(ValueLayout.JAVA_BYTE, at);
      case UINT8, BOOL -> from.get(ValueLayout.JAVA_BYTE, at) & 0xff;
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 ->
          throw new IllegalArgumentException("whole: elements are " + dtype);
    };
  }

  /// To nearest, halves to even.
  private static short brainBits(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) 0x7fc0;
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  /// The greatest finite number.
  static double greatest(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Double.MAX_VALUE;
      case FLOAT32 -> Float.MAX_VALUE;
      case FLOAT16 -> 65504;
      case BFLOAT16 -> 0x1.fep127;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> greatestWhole(dtype);
    };
  }

  /// The least normal number above 0.
  static double least(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Double.MIN_NORMAL;
      case FLOAT32, BFLOAT16 -> Float.MIN_NORMAL;
      case FLOAT16 -> 0x1p-14;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> 1;
    };
  }

  static long greatestWhole(DType dtype) {
    return switch (dtype) {
      case INT32 -> Integer.MAX_VALUE;
      case INT16 -> Short.MAX_VALUE;
      case INT8 -> Byte.MAX_VALUE;
      case UINT8 -> 255;
      case BOOL -> 1;
      case INT64, FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> Long.MAX_VALUE;
    };
  }

  static long leastWhole(DType dtype) {
    return switch (dtype) {
      case UINT8, BOOL -> 0;
      case INT64, INT32, INT16, INT8, FLOAT64, FLOAT32, FLOAT16, BFLOAT16 ->
          -greatestWhole(dtype) - 1;
    };
  }

  /// The distance from 1 to the next number of a floating type.
  static double epsilon(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Math.ulp(1.0);
      case FLOAT32 -> Math.ulp(1f);
      case FLOAT16 -> 0x1p-10;
      case BFLOAT16 -> 0x1p-7;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> 0;
    };
  }
}
