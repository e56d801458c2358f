package dev.proteus.nn;

import dev.proteus.type.Shape;

/// The batch normalisation of `[N, C]` or `[N, C, L]`.
public final class BatchNorm1d extends BatchNorm {
  public BatchNorm1d(long channels) {
    this(channels, BatchNormOptions.DEFAULT);
  }

  public BatchNorm1d(long channels, BatchNormOptions options) {
    super(new InputSize.Known(channels), options);
  }

  private BatchNorm1d(InputSize channels, BatchNormOptions options) {
    super(channels, options);
  }

  /// A layer that takes the channels from its first input (rule SD-61): what PyTorch calls
  /// LazyBatchNorm1d.
  public static BatchNorm1d lazy() {
    return lazy(BatchNormOptions.DEFAULT);
  }

  /// As [#lazy()], with options.
  public static BatchNorm1d lazy(BatchNormOptions options) {
    return new BatchNorm1d(new InputSize.OfFirstInput(1, 2, 3), options);
  }

  @Override
  void checkRank(Shape input) {
    checkRank(input, 2, 3);
  }
}
