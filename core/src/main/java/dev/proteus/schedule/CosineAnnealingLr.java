package dev.proteus.schedule;

/// Half a wave down, and up again after that (Loshchilov, Hutter, "SGDR", 2017).
///
/// @param steps from the top to the bottom
/// @param lowest learning rate at the bottom
public record CosineAnnealingLr(long steps, double lowest) implements Schedule {
  public CosineAnnealingLr {
    Schedule.checkSteps("steps", steps);
  }

  @Override
  public double lr(long step, double base) {
    double wave = (1 + Math.cos(Math.PI * step / steps)) / 2;
    return lowest + (base - lowest) * wave;
  }
}
