package dev.proteus.nn;

import dev.proteus.op.Reduction;
import dev.proteus.tensor.Tensor;

/// The binary cross entropy of probabilities against truths from 0 to 1.
public final class BceLoss extends Loss {
  private final Reduction reduction;

  /// The mean.
  public BceLoss() {
    this(Reduction.MEAN);
  }

  public BceLoss(Reduction reduction) {
    this.reduction = reduction;
  }

  @Override
  protected Tensor compute(Tensor input, Tensor target) {
    return input.binaryCrossEntropy(target, reduction);
  }
}
