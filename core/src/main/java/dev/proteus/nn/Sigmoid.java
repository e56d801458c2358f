package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// `1 / (1 + e⁻ˣ)`.
public final class Sigmoid extends Layer {
  public Sigmoid() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input.sigmoid();
  }
}
