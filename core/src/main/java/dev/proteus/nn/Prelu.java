package dev.proteus.nn;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;

/// `x` where it is positive, else times a learned slope (He and others, "Delving deep into
/// rectifiers", 2015).
///
/// Parameter: `weight` `[slopes]`.
public final class Prelu extends Layer {
  private static final double START = 0.25;

  private final Parameter weight;

  /// One slope for all elements, 0.25 at first.
  public Prelu() {
    this(1, START);
  }

  /// @param slopes 1, or one for each channel
  /// @param start the slopes at first
  public Prelu(long slopes, double start) {
    weight =
        parameter("weight", () -> Tensor.full(Shape.of(slopes), Scalar.of(start), Scope.dtype()));
  }

  public Parameter weight() {
    return weight;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.prelu(weight);
  }

  @Override
  protected String details() {
    return "slopes=" + weight.numel();
  }
}
