package dev.proteus.nn;

import dev.proteus.op.CrossEntropy;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The cross entropy of logits `[N, C, *]` against classes or probabilities: see
/// [dev.proteus.op.CrossEntropy].
///
/// Buffer, where classes are weighted: `weight` `[C]`.
public final class CrossEntropyLoss extends Loss {
  private final CrossEntropy loss;
  private final @Nullable Buffer weight;

  /// The mean.
  public CrossEntropyLoss() {
    this(CrossEntropy.MEAN);
  }

  public CrossEntropyLoss(CrossEntropy loss) {
    this.loss = loss;
    weight = null;
  }

  /// @param weight of each class, `[C]`
  public CrossEntropyLoss(CrossEntropy loss, Tensor weight) {
    this.loss = loss;
    this.weight = buffer("weight", Buffer.of(weight), Persistence.PERSISTENT);
  }

  @Override
  protected Tensor compute(Tensor input, Tensor target) {
    return weight == null
        ? input.crossEntropy(target, loss)
        : input.crossEntropy(target, weight, loss);
  }
}
