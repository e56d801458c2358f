package dev.proteus.tck;

import dev.proteus.type.DType;

/// How far a result may be from the oracle's, in units of its type's precision.
///
/// @param relative units of the expected element
/// @param absolute units of the largest expected element of the result, or of 1 if that is larger
public record Tolerance(double relative, double absolute) {
  /// For functions of one element, rounded once or a few times.
  public static final Tolerance POINTWISE = new Tolerance(4, 0.5);

  /// For sums of products, whose terms may cancel.
  public static final Tolerance FOLDED = new Tolerance(16, 8);

  /// For chains of several operators, each with a rounded result.
  public static final Tolerance CHAINED = new Tolerance(64, 32);

  /// For derivatives of results with this tolerance.
  Tolerance ofGradient() {
    return new Tolerance(8 * relative, 8 * Math.max(absolute, 1));
  }

  /// How far a result of type `dtype` may be from `expected`.
  double allowed(DType dtype, double expected, double largest) {
    double units = relative * Math.abs(expected) + absolute * Math.max(1, largest);
    return precision(dtype) * units + smallest(dtype);
  }

  /// The distance of numbers next to 0, below which no type tells numbers apart.
  private static double smallest(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Double.MIN_VALUE;
      case FLOAT32 -> Float.MIN_VALUE;
      case FLOAT16 -> 0x1p-24;
      case BFLOAT16 -> 0x1p-133;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> 0;
    };
  }

  private static double precision(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Math.ulp(1.0);
      case FLOAT32 -> Math.ulp(1f);
      case FLOAT16 -> 0x1p-10;
      case BFLOAT16 -> 0x1p-7;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> 0;
    };
  }
}
