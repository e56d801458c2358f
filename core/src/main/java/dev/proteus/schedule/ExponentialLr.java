package dev.proteus.schedule;

/// A factor at each step.
///
/// @param gamma the factor
public record ExponentialLr(double gamma) implements Schedule {
  @Override
  public double lr(long step, double base) {
    return base * Math.pow(gamma, (double) step);
  }
}
