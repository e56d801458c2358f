package dev.proteus.nn;

import dev.proteus.op.Reduction;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The binary cross entropy of logits against truths from 0 to 1.
///
/// Buffer, where truths are weighted: `pos_weight`, that of truth against untruth.
public final class BceWithLogitsLoss extends Loss {
  private final Reduction reduction;
  private final @Nullable Buffer positive;

  /// The mean.
  public BceWithLogitsLoss() {
    this(Reduction.MEAN);
  }

  public BceWithLogitsLoss(Reduction reduction) {
    this.reduction = reduction;
    positive = null;
  }

  /// @param positive weight of truth against untruth
  public BceWithLogitsLoss(Tensor positive, Reduction reduction) {
    this.reduction = reduction;
    this.positive = buffer("pos_weight", Buffer.of(positive), Persistence.PERSISTENT);
  }

  @Override
  protected Tensor compute(Tensor input, Tensor target) {
    return positive == null
        ? input.binaryCrossEntropyWithLogits(target, reduction)
        : input.binaryCrossEntropyWithLogits(target, positive, reduction);
  }
}
