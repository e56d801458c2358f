package dev.proteus.nn;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import org.jspecify.annotations.Nullable;

/// The last axes brought to a mean square of 1 together, then scaled: see [dev.proteus.op.RmsNorm].
///
/// Parameter: `weight`, ones at first, of the shape of those axes.
public final class RmsNorm extends Layer {
  private final Shape shape;
  private final double eps;
  private final @Nullable Parameter weight;

  /// @param sizes of the last axes
  public RmsNorm(long... sizes) {
    this(Shape.of(sizes), Math.ulp(1f), Affine.LEARNED);
  }

  public RmsNorm(Shape shape, double eps, Affine affine) {
    this.shape = shape;
    this.eps = eps;
    weight = affine == Affine.LEARNED ? parameter("weight", () -> Weights.ones(shape)) : null;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return weight == null ? input.rmsNorm(shape.rank(), eps) : input.rmsNorm(weight, eps);
  }

  @Override
  protected String details() {
    return "%s, eps=%s".formatted(shape, eps);
  }
}
