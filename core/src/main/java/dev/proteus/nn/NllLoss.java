package dev.proteus.nn;

import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The negative log likelihood of classes: see [dev.proteus.op.NllLoss].
///
/// Buffer, where classes are weighted: `weight` `[C]`.
public final class NllLoss extends Loss {
  private final dev.proteus.op.NllLoss loss;
  private final @Nullable Buffer weight;

  /// The mean.
  public NllLoss() {
    this(dev.proteus.op.NllLoss.MEAN);
  }

  public NllLoss(dev.proteus.op.NllLoss loss) {
    this.loss = loss;
    weight = null;
  }

  /// @param weight of each class, `[C]`
  public NllLoss(dev.proteus.op.NllLoss loss, Tensor weight) {
    this.loss = loss;
    this.weight = buffer("weight", Buffer.of(weight), Persistence.PERSISTENT);
  }

  @Override
  protected Tensor compute(Tensor input, Tensor target) {
    return weight == null ? input.nllLoss(target, loss) : input.nllLoss(target, weight, loss);
  }
}
