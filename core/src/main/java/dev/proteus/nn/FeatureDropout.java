package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// Whole channels `[N, C, …]` set to 0 with a probability in training, the others scaled up by what
/// that takes.
public final class FeatureDropout extends Layer {
  private final double p;

  /// With probability 1/2.
  public FeatureDropout() {
    this(0.5);
  }

  /// @throws IllegalArgumentException unless `p` is from 0 to 1
  public FeatureDropout(double p) {
    this.p = Dropping.checked(p);
  }

  @Override
  protected Tensor compute(Tensor input) {
    return Dropping.run(this, input, p, input.size(0) * input.size(1), input::featureDropout);
  }

  @Override
  protected String details() {
    return "p=" + p;
  }
}
