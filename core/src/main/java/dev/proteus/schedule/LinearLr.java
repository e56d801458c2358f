package dev.proteus.schedule;

/// A factor that changes evenly for some steps, then stays: a warm-up where it grows.
///
/// @param start the factor at first
/// @param end the factor at the end
/// @param steps from one to the other
public record LinearLr(double start, double end, long steps) implements Schedule {
  public LinearLr {
    Schedule.checkSteps("steps", steps);
  }

  @Override
  public double lr(long step, double base) {
    double share = (double) Math.min(step, steps) / steps;
    return base * (start + (end - start) * share);
  }
}
