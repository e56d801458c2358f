package dev.proteus.nn;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import org.jspecify.annotations.Nullable;

/// Each channel of each sample `[N, C, *]` brought to mean 0 and variance 1, over any number of
/// spatial axes, in training and in use alike (Ulyanov and others, "Instance normalization", 2016).
///
/// Parameters, if wanted: `weight`, ones at first, and `bias`, zeros, both `[C]`.
public final class InstanceNorm extends Layer {
  private final long channels;
  private final double eps;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;

  /// Without parameters.
  public InstanceNorm(long channels) {
    this(channels, 1e-5, Affine.NONE);
  }

  public InstanceNorm(long channels, double eps, Affine affine) {
    this.channels = channels;
    this.eps = eps;
    boolean learns = affine == Affine.LEARNED;
    weight = learns ? parameter("weight", () -> Weights.ones(Shape.of(channels))) : null;
    bias = learns ? parameter("bias", () -> Weights.zeros(Shape.of(channels))) : null;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return weight == null || bias == null
        ? input.instanceNorm(eps)
        : input.instanceNorm(weight, bias, eps);
  }

  @Override
  protected String details() {
    return "%s, eps=%s".formatted(channels, eps);
  }
}
