package dev.proteus.nn;

import dev.proteus.type.Shape;

/// The batch normalisation of `[N, C, D, H, W]`.
public final class BatchNorm3d extends BatchNorm {
  public BatchNorm3d(long channels) {
    this(channels, BatchNormOptions.DEFAULT);
  }

  public BatchNorm3d(long channels, BatchNormOptions options) {
    super(channels, options);
  }

  @Override
  void checkRank(Shape input) {
    checkRank(input, 5, 5);
  }
}
