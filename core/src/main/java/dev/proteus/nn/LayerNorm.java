package dev.proteus.nn;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import org.jspecify.annotations.Nullable;

/// The last axes brought to mean 0 and variance 1 together, then scaled and moved: see
/// [dev.proteus.op.LayerNorm].
///
/// Parameters: `weight`, ones at first, and `bias`, zeros, both of the shape of those axes.
public final class LayerNorm extends Layer {
  private final Shape shape;
  private final double eps;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;

  /// @param sizes of the last axes
  public LayerNorm(long... sizes) {
    this(Shape.of(sizes), 1e-5, Affine.LEARNED, Bias.LEARNED);
  }

  /// @param kind of bias, where there is a weight
  public LayerNorm(Shape shape, double eps, Affine affine, Bias kind) {
    this.shape = shape;
    this.eps = eps;
    boolean scales = affine == Affine.LEARNED;
    boolean moves = scales && kind == Bias.LEARNED;
    weight = scales ? parameter("weight", () -> Weights.ones(shape)) : null;
    bias = moves ? parameter("bias", () -> Weights.zeros(shape)) : null;
  }

  @Override
  protected Tensor compute(Tensor input) {
    if (weight == null) {
      return input.layerNorm(shape.rank(), eps);
    }
    return bias == null ? input.layerNorm(weight, eps) : input.layerNorm(weight, bias, eps);
  }

  @Override
  protected String details() {
    return "%s, eps=%s".formatted(shape, eps);
  }
}
