package dev.proteus.nn;

import dev.proteus.op.PoolOptions;
import dev.proteus.tensor.Tensor;

/// The mean of each window along the last three axes: see [dev.proteus.op.AvgPool].
public final class AvgPool3d extends Layer {
  private final PoolOptions options;

  /// Windows of this size, side by side.
  public AvgPool3d(int kernel) {
    this(PoolOptions.of(kernel));
  }

  public AvgPool3d(PoolOptions options) {
    this.options = options;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.avgPool3d(options);
  }

  @Override
  protected String details() {
    return "kernel=%s, stride=%s, padding=%s"
        .formatted(options.kernel(), options.stride(), options.padding());
  }
}
