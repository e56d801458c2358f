package dev.proteus.schedule;

/// A factor for some steps, then none.
///
/// @param factor the factor
/// @param steps how many
public record ConstantLr(double factor, long steps) implements Schedule {
  @Override
  public double lr(long step, double base) {
    return step < steps ? base * factor : base;
  }
}
