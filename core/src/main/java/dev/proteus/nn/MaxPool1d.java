package dev.proteus.nn;

import dev.proteus.op.PoolOptions;
import dev.proteus.tensor.Tensor;

/// The largest element of each window along the last axis: see [dev.proteus.op.MaxPool].
public final class MaxPool1d extends Layer {
  private final PoolOptions options;

  /// Windows of this size, side by side.
  public MaxPool1d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  public MaxPool1d(PoolOptions options) {
    this.options = options;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.maxPool1d(options);
  }

  @Override
  protected String details() {
    return "kernel=%s, stride=%s, padding=%s"
        .formatted(options.kernel(), options.stride(), options.padding());
  }
}
