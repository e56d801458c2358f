package dev.proteus.nn;

import dev.proteus.type.Shape;

/// The batch normalisation of `[N, C]` or `[N, C, L]`.
public final class BatchNorm1d extends BatchNorm {
  public BatchNorm1d(long channels) {
    this(channels, BatchNormOptions.DEFAULT);
  }

  public BatchNorm1d(long channels, BatchNormOptions options) {
    super(channels, options);
  }

  @Override
  void checkRank(Shape input) {
    checkRank(input, 2, 3);
  }
}
