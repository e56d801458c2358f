package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.Arrays;

/// The largest elements of windows that cover the last axes evenly, as many axes as sizes: see
/// [dev.proteus.op.AdaptiveMaxPool].
public final class AdaptiveMaxPool extends Layer {
  private final long[] size;

  /// @param size windows along each of the last axes; -1 keeps an axis as it is
  public AdaptiveMaxPool(long... size) {
    this.size = size.clone();
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.adaptiveMaxPool(size).values();
  }

  @Override
  protected String details() {
    return "size=" + Arrays.toString(size);
  }
}
