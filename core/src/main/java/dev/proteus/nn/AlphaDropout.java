package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// Elements set to the lowest value of selu with a probability in training, then all scaled and
/// moved so that mean and variance stay.
public final class AlphaDropout extends Layer {
  private final double p;

  /// With probability 1/2.
  public AlphaDropout() {
    this(0.5);
  }

  /// @throws IllegalArgumentException unless `p` is from 0 to 1
  public AlphaDropout(double p) {
    this.p = Dropping.checked(p);
  }

  @Override
  protected Tensor compute(Tensor input) {
    return Dropping.run(this, input, p, input.numel(), input::alphaDropout);
  }

  @Override
  protected String details() {
    return "p=" + p;
  }
}
