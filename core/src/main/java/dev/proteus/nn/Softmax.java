package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// Exponentials along an axis, divided by their sum.
public final class Softmax extends Layer {
  private final int axis;

  public Softmax(int axis) {
    this.axis = axis;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.softmax(axis);
  }

  @Override
  protected String details() {
    return "axis=" + axis;
  }
}
