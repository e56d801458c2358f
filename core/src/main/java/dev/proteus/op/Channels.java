package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import java.util.Arrays;

/// What belongs to the channels of a value: axis 1, or the only axis there is.
final class Channels {
  private Channels() {}

  /// Numbers for each channel, or one for all, in a shape that broadcasts with `shape`.
  static <T extends TensorOps<T>> T alongAxis1(String operator, T each, Shape shape) {
    long count = each.spec().numel();
    int axis = shape.rank() > 1 ? 1 : 0;
    boolean fits = count == 1 || shape.rank() > 1 && count == shape.size(axis);
    if (each.spec().rank() > 1 || !fits) {
      throw new ShapeException(
          "%s: %s for x %s; there must be one number, or one for each channel along axis 1"
              .formatted(operator, each.spec().shape(), shape));
    }
    long[] sizes = new long[shape.rank()];
    Arrays.fill(sizes, 1);
    if (sizes.length > 0) {
      sizes[axis] = count;
    }
    return each.reshape(Shape.of(sizes));
  }
}
