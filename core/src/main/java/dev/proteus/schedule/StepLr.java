package dev.proteus.schedule;

/// A factor every so many steps.
///
/// @param size steps between factors
/// @param gamma the factor
public record StepLr(long size, double gamma) implements Schedule {
  public StepLr {
    Schedule.checkSteps("size", size);
  }

  @Override
  public double lr(long step, double base) {
    return base * Math.pow(gamma, (double) Math.floorDiv(step, size));
  }
}
