package dev.proteus.type;

import java.util.Arrays;
import java.util.Optional;

/// Strides for a reshaped view: runs of axes that lie as one are split anew.
final class Reshaping {
  private Reshaping() {}

  /// The strides with which `target` reads the elements of a strided layout in the same order, or
  /// empty if none do.
  static Optional<long[]> strides(Shape shape, long[] strides, Shape target) {
    long[] result = new long[target.rank()];
    if (shape.numel() == 0) {
      Arrays.fill(result, 1);
      return Optional.of(result);
    }
    int open = target.rank() - 1;
    long run = 1;
    long covered = 1;
    long base = shape.rank() == 0 ? 1 : strides[shape.rank() - 1];
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      run *= shape.size(axis);
      boolean ends = axis == 0 || shape.size(axis - 1) != 1 && strides[axis - 1] != run * base;
      if (!ends) {
        continue;
      }
      while (open >= 0 && (covered < run || target.size(open) == 1)) {
        result[open] = covered * base;
        covered *= target.size(open--);
      }
      if (covered != run) {
        return Optional.empty();
      }
      if (axis > 0) {
        base = strides[axis - 1];
        run = 1;
        covered = 1;
      }
    }
    return Optional.of(result);
  }
}
