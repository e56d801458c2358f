package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.Arrays;

/// One axis split into several.
public final class Unflatten extends Layer {
  private final int axis;
  private final long[] sizes;

  /// @param sizes what the axis becomes; one may be -1 for whatever is left
  public Unflatten(int axis, long... sizes) {
    this.axis = axis;
    this.sizes = sizes.clone();
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.unflatten(axis, sizes);
  }

  @Override
  protected String details() {
    return "axis=%s, sizes=%s".formatted(axis, Arrays.toString(sizes));
  }
}
