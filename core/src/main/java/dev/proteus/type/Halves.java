package dev.proteus.type;

/// The two 16-bit floating formats as bits: IEEE binary16 and bfloat16, the upper half of a
/// binary32.
public final class Halves {
  private Halves() {}

  /// The number that bits of format `dtype` stand for.
  ///
  /// @param dtype `FLOAT16` or `BFLOAT16`
  public static float toFloat(DType dtype, short bits) {
    return dtype == DType.BFLOAT16 ? bfloat16ToFloat(bits) : Float.float16ToFloat(bits);
  }

  /// The bits of the number of format `dtype` nearest to `value`, ties to even; infinite where it
  /// is too large (rule DT-24).
  ///
  /// @param dtype `FLOAT16` or `BFLOAT16`
  public static short toBits(DType dtype, float value) {
    return dtype == DType.BFLOAT16 ? floatToBfloat16(value) : Float.floatToFloat16(value);
  }

  /// The number of format `dtype` nearest to `value`, ties to even.
  ///
  /// @param dtype `FLOAT16` or `BFLOAT16`
  public static float round(DType dtype, float value) {
    return toFloat(dtype, toBits(dtype, value));
  }

  /// The number that bfloat16 bits stand for.
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /// The bits of the bfloat16 nearest to `value`, ties to even. A NaN stays a quiet NaN.
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    int even = (bits >>> 16) & 1;
    return (short) ((bits + 0x7fff + even) >>> 16);
  }
}
