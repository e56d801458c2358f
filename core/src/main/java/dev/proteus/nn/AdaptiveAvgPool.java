package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.Arrays;

/// The means of windows that cover the last axes evenly, as many axes as sizes: see
/// [dev.proteus.op.AdaptiveAvgPool].
public final class AdaptiveAvgPool extends Layer {
  private final long[] size;

  /// @param size windows along each of the last axes; -1 keeps an axis as it is
  public AdaptiveAvgPool(long... size) {
    this.size = size.clone();
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.adaptiveAvgPool(size);
  }

  @Override
  protected String details() {
    return "size=" + Arrays.toString(size);
  }
}
