package dev.proteus.nn;

import dev.proteus.type.Shape;

/// The batch normalisation of `[N, C, H, W]`.
public final class BatchNorm2d extends BatchNorm {
  public BatchNorm2d(long channels) {
    this(channels, BatchNormOptions.DEFAULT);
  }

  public BatchNorm2d(long channels, BatchNormOptions options) {
    super(new InputSize.Known(channels), options);
  }

  private BatchNorm2d(InputSize channels, BatchNormOptions options) {
    super(channels, options);
  }

  /// A layer that takes the channels from its first input (rule SD-61): what PyTorch calls
  /// LazyBatchNorm2d.
  public static BatchNorm2d lazy() {
    return lazy(BatchNormOptions.DEFAULT);
  }

  /// As [#lazy()], with options.
  public static BatchNorm2d lazy(BatchNormOptions options) {
    return new BatchNorm2d(new InputSize.OfFirstInput(1, 4, 4), options);
  }

  @Override
  void checkRank(Shape input) {
    checkRank(input, 4, 4);
  }
}
