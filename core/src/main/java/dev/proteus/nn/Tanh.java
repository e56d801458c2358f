package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// The hyperbolic tangent.
public final class Tanh extends Layer {
  public Tanh() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input.tanh();
  }
}
