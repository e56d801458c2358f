package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// `x·Φ(x)`, with the distribution function of the normal distribution (Hendrycks, Gimpel,
/// "Gaussian error linear units", 2016).
public final class Gelu extends Layer {
  public Gelu() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input.gelu();
  }
}
