package dev.proteus.schedule;

/// Half a wave down again and again, each time from the top (Loshchilov, Hutter, "SGDR", 2017).
///
/// @param first steps of the first way down
/// @param growth how many times longer the next one is
/// @param lowest learning rate at the bottom
public record CosineRestartsLr(long first, long growth, double lowest) implements Schedule {
  public CosineRestartsLr {
    Schedule.checkSteps("first", first);
    Schedule.checkSteps("growth", growth);
  }

  @Override
  public double lr(long step, double base) {
    long length = first;
    long into = step;
    if (growth == 1) {
      into %= length;
    }
    while (into >= length) {
      into -= length;
      length *= growth;
    }
    return new CosineAnnealingLr(length, lowest).lr(into, base);
  }
}
