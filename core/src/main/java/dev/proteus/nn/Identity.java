package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// Nothing: the output is the input.
public final class Identity extends Layer {
  public Identity() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input;
  }
}
