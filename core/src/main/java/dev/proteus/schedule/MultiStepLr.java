package dev.proteus.schedule;

import java.util.List;

/// A factor at each of some steps.
///
/// @param milestones the steps
/// @param gamma the factor
public record MultiStepLr(List<Long> milestones, double gamma) implements Schedule {
  public MultiStepLr {
    milestones = List.copyOf(milestones);
  }

  @Override
  public double lr(long step, double base) {
    return base * Math.pow(gamma, (double) milestones.stream().filter(m -> m <= step).count());
  }
}
