package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// The logarithm of [Softmax].
public final class LogSoftmax extends Layer {
  private final int axis;

  public LogSoftmax(int axis) {
    this.axis = axis;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.logSoftmax(axis);
  }

  @Override
  protected String details() {
    return "axis=" + axis;
  }
}
