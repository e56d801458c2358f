package dev.proteus.optim;

/// What hyperparameters must be (rule OP-4).
final class Checks {
  private Checks() {}

  /// @throws IllegalArgumentException if a value is negative or NaN
  static void notNegative(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(
          "optimizer: %s is %s; it must be at least 0 (rule OP-4)".formatted(name, value));
    }
  }

  /// @throws IllegalArgumentException unless a value is at least 0 and less than 1
  static void share(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "optimizer: %s is %s; it must be at least 0 and less than 1 (rule OP-4)"
              .formatted(name, value));
    }
  }
}
