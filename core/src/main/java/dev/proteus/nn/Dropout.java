package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// Elements set to 0 with a probability in training, the others scaled up by what that takes
/// (Srivastava and others, "Dropout", 2014).
public final class Dropout extends Layer {
  private final double p;

  /// With probability 1/2.
  public Dropout() {
    this(0.5);
  }

  /// @throws IllegalArgumentException unless `p` is from 0 to 1
  public Dropout(double p) {
    this.p = Dropping.checked(p);
  }

  @Override
  protected Tensor compute(Tensor input) {
    return Dropping.run(this, input, p, input.numel(), input::dropout);
  }

  @Override
  protected String details() {
    return "p=" + p;
  }
}
