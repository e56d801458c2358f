package dev.proteus.nn;

/// By how much a nonlinearity shrinks what passes through it: the factor that initial weights make
/// up for.
public final class Gain {
  /// Of linear maps, convolutions and the sigmoid.
  public static final double LINEAR = 1;

  public static final double TANH = 5.0 / 3;
  public static final double RELU = Math.sqrt(2);
  public static final double SELU = 3.0 / 4;

  private Gain() {}

  /// Of a leaky relu of this slope.
  public static double leakyRelu(double slope) {
    return Math.sqrt(2 / (1 + slope * slope));
  }
}
