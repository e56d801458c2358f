package dev.proteus.nn;

import dev.proteus.op.PoolOptions;
import dev.proteus.tensor.Tensor;

/// The largest element of each window along the last two axes: see [dev.proteus.op.MaxPool].
public final class MaxPool2d extends Layer {
  private final PoolOptions options;

  /// Windows of this size, side by side.
  public MaxPool2d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  public MaxPool2d(PoolOptions options) {
    this.options = options;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.maxPool2d(options);
  }

  @Override
  protected String details() {
    return "kernel=%s, stride=%s, padding=%s"
        .formatted(options.kernel(), options.stride(), options.padding());
  }
}
