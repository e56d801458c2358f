package dev.proteus.schedule;

import dev.proteus.optim.Checks;

/// Up to a maximum and down to almost nothing, in one cycle that ends with training (Smith, Topin,
/// "Super-convergence", 2019). The base does not count.
///
/// @param highest learning rate at the top
/// @param steps of the whole cycle
/// @param rise share of the steps that go up
/// @param start by how much the first learning rate is below the highest
/// @param end by how much the last one is below the first
/// @param shape of the two slopes
public record OneCycleLr(
    double highest, long steps, double rise, double start, double end, Slope shape)
    implements Schedule {
  /// The way from one learning rate to another.
  public enum Slope {
    COSINE,
    LINEAR;

    double between(double from, double to, double share) {
      double way =
          switch (this) {
            case COSINE -> (1 - Math.cos(Math.PI * share)) / 2;
            case LINEAR -> share;
          };
      return from + (to - from) * way;
    }
  }

  public OneCycleLr {
    Schedule.checkSteps("steps", steps);
    Checks.share("rise", rise);
  }

  /// Up during 0.3 of the steps, from 1/25 of the maximum, down to 1e-4 of that, along cosines.
  public OneCycleLr(double highest, long steps) {
    this(highest, steps, 0.3, 25, 1e4, Slope.COSINE);
  }

  @Override
  public double lr(long step, double base) {
    double top = rise * steps - 1;
    double first = highest / start;
    if (step < top) {
      return shape.between(first, highest, step / top);
    }
    double share = Math.min(1, (step - top) / (steps - 1 - top));
    return shape.between(highest, first / end, share);
  }
}
