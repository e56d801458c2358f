package dev.proteus.optim;

/// What hyperparameters must be (rule OP-4).
public final class Checks {
  private Checks() {}

  /// Refuses a negative value and NaN.
  ///
  /// @throws IllegalArgumentException if a value is one
  public static void notNegative(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(
          "optimizer: %s is %s; it must be at least 0 (rule OP-4)".formatted(name, value));
    }
  }

  /// Refuses what is no share of one.
  ///
  /// @throws IllegalArgumentException unless a value is at least 0 and less than 1
  public static void share(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "optimizer: %s is %s; it must be at least 0 and less than 1 (rule OP-4)"
              .formatted(name, value));
    }
  }

  /// Refuses a count below 1.
  ///
  /// @throws IllegalArgumentException if it is less than 1
  public static void atLeastOne(String name, long count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "optimizer: %s is %s; it must be at least 1 (rule OP-4)".formatted(name, count));
    }
  }
}
