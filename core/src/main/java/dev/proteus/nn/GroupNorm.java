package dev.proteus.nn;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import org.jspecify.annotations.Nullable;

/// Groups of channels `[N, C, *]` brought to mean 0 and variance 1 within each sample, then scaled
/// and moved by channel: see [dev.proteus.op.GroupNorm].
///
/// Parameters: `weight`, ones at first, and `bias`, zeros, both `[C]`.
public final class GroupNorm extends Layer {
  private final int groups;
  private final long channels;
  private final double eps;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;

  public GroupNorm(int groups, long channels) {
    this(groups, channels, 1e-5, Affine.LEARNED);
  }

  /// @throws IllegalArgumentException unless the channels are a multiple of the groups
  public GroupNorm(int groups, long channels, double eps, Affine affine) {
    Weights.perGroup("GroupNorm", channels, groups);
    this.groups = groups;
    this.channels = channels;
    this.eps = eps;
    boolean learns = affine == Affine.LEARNED;
    weight = learns ? parameter("weight", () -> Weights.ones(Shape.of(channels))) : null;
    bias = learns ? parameter("bias", () -> Weights.zeros(Shape.of(channels))) : null;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return weight == null || bias == null
        ? input.groupNorm(groups, eps)
        : input.groupNorm(groups, weight, bias, eps);
  }

  @Override
  protected String details() {
    return "%s of %s, eps=%s".formatted(groups, channels, eps);
  }
}
