package dev.proteus.schedule;

/// How a learning rate changes from step to step: a formula, so that any step can be asked for.
///
/// ```java
/// var warmUp = new LinearLr(0.1, 1, 5);
/// var scheduler = new LrScheduler(optimizer, warmUp.then(5, new CosineAnnealingLr(95, 0)));
/// ```
@FunctionalInterface
public interface Schedule {
  /// The learning rate at `step`, counted from 0, of a group that started with `base`.
  double lr(long step, double base);

  /// This until `milestone`, then `next`, which counts from 0 there.
  default Schedule then(long milestone, Schedule next) {
    return (step, base) -> step < milestone ? lr(step, base) : next.lr(step - milestone, base);
  }

  /// This with the learning rate of `other` as its base: factors multiply.
  default Schedule of(Schedule other) {
    return (step, base) -> lr(step, other.lr(step, base));
  }

  /// A number of steps, checked.
  ///
  /// @throws IllegalArgumentException if it is less than 1
  static long checkSteps(String name, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "schedule: %s is %s; it must be at least 1".formatted(name, steps));
    }
    return steps;
  }
}
