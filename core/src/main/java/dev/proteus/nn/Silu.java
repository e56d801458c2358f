package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// `x·sigmoid(x)`, also known as swish.
public final class Silu extends Layer {
  public Silu() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input.silu();
  }
}
