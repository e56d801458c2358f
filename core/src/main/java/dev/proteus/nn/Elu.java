package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// `x` above 0, `alpha·(eˣ − 1)` below.
public final class Elu extends Layer {
  private final double alpha;

  public Elu(double alpha) {
    this.alpha = alpha;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.elu(alpha);
  }

  @Override
  protected String details() {
    return "alpha=" + alpha;
  }
}
