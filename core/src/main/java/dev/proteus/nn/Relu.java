package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// `max(x, 0)`.
public final class Relu extends Layer {
  public Relu() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input.relu();
  }
}
