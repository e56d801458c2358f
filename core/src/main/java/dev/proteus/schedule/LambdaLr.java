package dev.proteus.schedule;

import java.util.function.LongToDoubleFunction;

/// A factor that is a function of the step.
///
/// @param factor the function
public record LambdaLr(LongToDoubleFunction factor) implements Schedule {
  @Override
  public double lr(long step, double base) {
    return base * factor.applyAsDouble(step);
  }
}
