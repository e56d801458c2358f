package dev.proteus.nn;

import dev.proteus.op.Reduction;
import dev.proteus.tensor.Tensor;

/// The squared difference, far from 0 the absolute one: see `LossOps.huberLoss`.
public final class HuberLoss extends Loss {
  private final double delta;
  private final Reduction reduction;

  /// The mean, with delta 1.
  public HuberLoss() {
    this(1, Reduction.MEAN);
  }

  /// @param delta where one becomes the other
  public HuberLoss(double delta, Reduction reduction) {
    this.delta = delta;
    this.reduction = reduction;
  }

  @Override
  protected Tensor compute(Tensor input, Tensor target) {
    return input.huberLoss(target, delta, reduction);
  }
}
