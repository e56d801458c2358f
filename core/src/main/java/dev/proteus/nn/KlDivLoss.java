package dev.proteus.nn;

import dev.proteus.op.Reduction;
import dev.proteus.op.Scale;
import dev.proteus.tensor.Tensor;

/// The divergence of Kullback and Leibler of a target from log probabilities: see
/// `LossOps.klDivLoss`.
public final class KlDivLoss extends Loss {
  private final Scale target;
  private final Reduction reduction;

  /// @param target how the target's probabilities are given
  public KlDivLoss(Scale target, Reduction reduction) {
    this.target = target;
    this.reduction = reduction;
  }

  @Override
  protected Tensor compute(Tensor input, Tensor wanted) {
    return input.klDivLoss(wanted, target, reduction);
  }
}
