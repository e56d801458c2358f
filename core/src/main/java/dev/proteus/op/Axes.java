package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Axes and indices as users give them, which may count from the end, made into numbers from 0.
final class Axes {
  private Axes() {}

  /// An axis of a shape that must have one.
  static int existing(Shape shape, int axis, String operator) {
    if (shape.rank() == 0) {
      throw new TensorIndexException(
          "%s: the operand has no axes; it needs at least one to have an axis %s"
              .formatted(operator, axis));
    }
    return shape.axis(axis, operator);
  }

  /// A place between axes, from 0 to the rank.
  static int insertion(Shape shape, int axis, String operator) {
    int rank = shape.rank();
    if (axis < -rank - 1 || axis > rank) {
      throw new TensorIndexException(
          "%s: axis %s is out of range for a new axis of %s; expected %s to %s"
              .formatted(operator, axis, shape, -rank - 1, rank));
    }
    return axis < 0 ? axis + rank + 1 : axis;
  }

  /// An index into `axis`.
  static long index(Shape shape, int axis, long index, String operator) {
    long size = shape.size(axis);
    if (index < -size || index >= size) {
      throw new TensorIndexException(
          "%s: index %s is out of range for axis %s of %s; expected %s to %s"
              .formatted(operator, index, axis, shape, -size, size - 1));
    }
    return index < 0 ? index + size : index;
  }

  /// A bound of a slice, which is moved into the axis if it lies outside (rule IX-2).
  static long bound(long size, long bound) {
    long fromStart = bound < 0 ? bound + size : bound;
    return Math.clamp(fromStart, 0, size);
  }

  /// Several axes, none twice.
  static List<Integer> distinct(Shape shape, int[] axes, String operator) {
    List<Integer> result = new ArrayList<>(axes.length);
    for (int axis : axes) {
      int at = shape.axis(axis, operator);
      if (result.contains(at)) {
        throw new ShapeException(
            "%s: axis %s of %s is named twice in %s"
                .formatted(operator, at, shape, Arrays.toString(axes)));
      }
      result.add(at);
    }
    return result;
  }
}
