package dev.proteus.nn;

import dev.proteus.type.Shape;

/// The batch normalisation of `[N, C, D, H, W]`.
public final class BatchNorm3d extends BatchNorm {
  public BatchNorm3d(long channels) {
    this(channels, BatchNormOptions.DEFAULT);
  }

  public BatchNorm3d(long channels, BatchNormOptions options) {
    super(new InputSize.Known(channels), options);
  }

  private BatchNorm3d(InputSize channels, BatchNormOptions options) {
    super(channels, options);
  }

  /// A layer that takes the channels from its first input (rule SD-61): what PyTorch calls
  /// LazyBatchNorm3d.
  public static BatchNorm3d lazy() {
    return lazy(BatchNormOptions.DEFAULT);
  }

  /// As [#lazy()], with options.
  public static BatchNorm3d lazy(BatchNormOptions options) {
    return new BatchNorm3d(new InputSize.OfFirstInput(1, 5, 5), options);
  }

  @Override
  void checkRank(Shape input) {
    checkRank(input, 5, 5);
  }
}
