package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;

/// Evenly spaced numbers as expressions of their place.
///
/// Real ones are computed in the accumulation type of the result, integers in int64.
final class Ranges {
  private static final Expr PLACE = new Expr.Coord(0);

  private Ranges() {}

  /// How many numbers there are from `start` to `end`, exclusive.
  static long count(Scalar start, Scalar end, Scalar step) {
    double way = end.asDouble() - start.asDouble();
    double stride = step.asDouble();
    if (stride == 0 || way * stride < 0 || !Double.isFinite(way / stride)) {
      throw new IllegalArgumentException(
          "arange: from "
              + start.asDouble()
              + " to "
              + end.asDouble()
              + " no steps of "
              + stride
              + " lead; the step must be finite, not 0, and have the sign of end less start");
    }
    boolean real =
        start instanceof Scalar.Real || end instanceof Scalar.Real || step instanceof Scalar.Real;
    if (real) {
      return (long) Math.ceil(way / stride);
    }
    return Math.ceilDiv(Math.subtractExact(end.asLong(), start.asLong()), step.asLong());
  }

  static Expr steps(Scalar start, Scalar step, DType dtype) {
    DType type = dtype.accumulator();
    Expr way = Exprs.mul(Exprs.cast(type, PLACE), Exprs.constant(type, step));
    return Exprs.cast(dtype, Exprs.add(Exprs.constant(type, start), way));
  }

  /// From both ends to the middle, so that both ends are exact.
  static Expr between(double start, double end, TensorSpec spec) {
    DType type = spec.dtype().isFloating() ? spec.dtype().accumulator() : DType.FLOAT64;
    long count = spec.numel();
    double step = count > 1 ? (end - start) / (count - 1) : 0;
    Expr fromStart = Exprs.add(Exprs.mul(Exprs.cast(type, PLACE), step), start);
    Expr left = Exprs.sub(index(count - 1), PLACE);
    Expr fromEnd =
        Exprs.sub(Exprs.constant(type, Scalar.of(end)), Exprs.mul(Exprs.cast(type, left), step));
    Expr first = Exprs.lt(PLACE, index(Math.max(1, count / 2)));
    return Exprs.cast(spec.dtype(), Exprs.where(first, fromStart, fromEnd));
  }

  private static Expr index(long value) {
    return Exprs.constant(DType.INT64, Scalar.of(value));
  }
}
