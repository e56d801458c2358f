package dev.proteus.schedule;

/// A fall to zero along a power of the steps that are left.
///
/// @param steps until zero
/// @param power 1 for a straight line
public record PolynomialLr(long steps, double power) implements Schedule {
  public PolynomialLr {
    Schedule.checkSteps("steps", steps);
  }

  @Override
  public double lr(long step, double base) {
    return base * Math.pow(1 - (double) Math.min(step, steps) / steps, power);
  }
}
