package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// `x` above 0, `slope·x` below.
public final class LeakyRelu extends Layer {
  private final double slope;

  public LeakyRelu(double slope) {
    this.slope = slope;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.leakyRelu(slope);
  }

  @Override
  protected String details() {
    return "slope=" + slope;
  }
}
