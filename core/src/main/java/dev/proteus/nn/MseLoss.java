package dev.proteus.nn;

import dev.proteus.op.Reduction;
import dev.proteus.tensor.Tensor;

/// The squared difference.
public final class MseLoss extends Loss {
  private final Reduction reduction;

  /// The mean.
  public MseLoss() {
    this(Reduction.MEAN);
  }

  public MseLoss(Reduction reduction) {
    this.reduction = reduction;
  }

  @Override
  protected Tensor compute(Tensor input, Tensor target) {
    return input.mseLoss(target, reduction);
  }
}
