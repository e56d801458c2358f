package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;

/// The trapezoids between neighbours along an axis.
final class Trapezoids {
  private Trapezoids() {}

  /// The mean of each two neighbours.
  static <T extends TensorOps<T>> T heights(T y, int axis) {
    T half = number(y).mul(0.5);
    return neighbours(half, axis, 0).add(neighbours(half, axis, 1));
  }

  /// The area between each two neighbours at the places `x`, which has one axis or broadcasts.
  static <T extends TensorOps<T>> T areas(T y, T x, int axis) {
    Shape shape = y.spec().shape();
    Shape places = x.spec().shape();
    T real = number(x).spec().dtype().isFloating() ? x : x.mul(1.0);
    T wide =
        places.rank() == 1
            ? real.reshape(Positions.alone(shape.with(axis, places.numel()), axis))
            : real;
    int at = axis - shape.rank() + wide.spec().rank();
    if (at < 0 || wide.spec().shape().size(at) != shape.size(axis)) {
      throw new ShapeException(
          "trapezoid: places are %s, values %s; there must be as many along axis %s"
              .formatted(places, shape, axis));
    }
    T widths = neighbours(wide, at, 1).sub(neighbours(wide, at, 0));
    return heights(y, axis).mul(widths);
  }

  private static <T extends TensorOps<T>> T number(T x) {
    if (x.spec().dtype() == DType.BOOL) {
      throw new DTypeException("trapezoid: an operand is bool; cast it to a number first");
    }
    return x;
  }

  private static <T extends TensorOps<T>> T neighbours(T x, int axis, long start) {
    return x.narrow(axis, start, Math.max(0, x.spec().shape().size(axis) - 1));
  }
}
