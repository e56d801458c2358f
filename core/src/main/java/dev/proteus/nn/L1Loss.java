package dev.proteus.nn;

import dev.proteus.op.Reduction;
import dev.proteus.tensor.Tensor;

/// The absolute difference.
public final class L1Loss extends Loss {
  private final Reduction reduction;

  /// The mean.
  public L1Loss() {
    this(Reduction.MEAN);
  }

  public L1Loss(Reduction reduction) {
    this.reduction = reduction;
  }

  @Override
  protected Tensor compute(Tensor input, Tensor target) {
    return input.l1Loss(target, reduction);
  }
}
