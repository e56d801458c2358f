package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// Arithmetic of positions: int64 expressions, and the gathers that read by them.
final class Positions {
  private Positions() {}

  /// An int64 number.
  static Expr number(long value) {
    return new Expr.Const(DType.INT64, Scalar.of(value));
  }

  /// A position that may count from the end of an axis, from 0; one that is out of range stays as
  /// it is.
  static Expr fromStart(Expr index, long size) {
    Expr counted = Exprs.and(Exprs.lt(index, number(0)), Exprs.ge(index, number(-size)));
    return Exprs.where(counted, Exprs.add(index, number(size)), index);
  }

  /// Integers that may count from the end of an axis, as positions from 0; those that are out of
  /// range stay as they are.
  static <T extends TensorOps<T>> T fromStart(T index, long size) {
    Expr given = Exprs.cast(DType.INT64, Exprs.input(0, index.spec().dtype()));
    return index.call(Map.of("index", fromStart(given, size)), List.of(index));
  }

  /// Whether a position from 0 lies in an axis.
  static Expr isInside(Expr index, long size) {
    return Exprs.and(Exprs.ge(index, number(0)), Exprs.lt(index, number(size)));
  }

  /// `shape` with size 1 for every axis but one.
  static Shape alone(Shape shape, int axis) {
    long[] sizes = new long[shape.rank()];
    Arrays.fill(sizes, 1);
    sizes[axis] = shape.size(axis);
    return Shape.of(sizes);
  }

  /// `x` with `size` elements along `axis`, of which each takes the one at the position that
  /// `source` makes of its own.
  static <T extends TensorOps<T>> T along(T x, int axis, long size, UnaryOperator<Expr> source) {
    Shape target = x.spec().shape().with(axis, size);
    TensorSpec spec = new TensorSpec(alone(target, axis), DType.INT64, x.spec().device());
    T index = x.call(Map.of("index", source.apply(new Expr.Coord(axis)), spec), List.of());
    return x.call(new Gather(axis), List.of(x, index.expand(target)));
  }
}
