package dev.proteus.nn;

import dev.proteus.op.Reduction;
import dev.proteus.tensor.Tensor;

/// The absolute difference, near 0 a square: see `LossOps.smoothL1Loss`.
public final class SmoothL1Loss extends Loss {
  private final double beta;
  private final Reduction reduction;

  /// The mean, with beta 1.
  public SmoothL1Loss() {
    this(1, Reduction.MEAN);
  }

  /// @param beta where one becomes the other
  public SmoothL1Loss(double beta, Reduction reduction) {
    this.beta = beta;
    this.reduction = reduction;
  }

  @Override
  protected Tensor compute(Tensor input, Tensor target) {
    return input.smoothL1Loss(target, beta, reduction);
  }
}
