package dev.proteus.nn;

import dev.proteus.type.Shape;

/// The batch normalisation of `[N, C, H, W]`.
public final class BatchNorm2d extends BatchNorm {
  public BatchNorm2d(long channels) {
    this(channels, BatchNormOptions.DEFAULT);
  }

  public BatchNorm2d(long channels, BatchNormOptions options) {
    super(channels, options);
  }

  @Override
  void checkRank(Shape input) {
    checkRank(input, 4, 4);
  }
}
