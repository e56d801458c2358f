package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.List;

/// The two halves of a `p`-norm: what is summed, and what is made of the sum.
///
/// Sums of halves stay in float32 until the root is taken.
final class Norms {
  private Norms() {}

  static Expr power(Expr size, double p) {
    Expr wide = Exprs.cast(size.dtype().accumulator(), size);
    if (p == 0) {
      return Exprs.cast(wide.dtype(), Exprs.cast(DType.BOOL, wide));
    }
    Expr power = Formulas.power(wide, Exprs.like(wide, p));
    return p < 1 ? flatAtZero(wide, power, p) : power;
  }

  /// The slope of a root at 0 is infinite; that of a norm is 0 (section 7.5 of the rules).
  private static Expr flatAtZero(Expr size, Expr power, double p) {
    Expr atZero = Exprs.like(size, p < 0 ? Double.POSITIVE_INFINITY : 0);
    return Exprs.where(Exprs.eq(size, Exprs.like(size, 0)), atZero, power);
  }

  /// The norm of the differences along the last axis of two operands, which are broadcast, without
  /// a temporary.
  static <T extends TensorOps<T>> T distance(T a, T b, double p) {
    Expr size = Exprs.abs(Exprs.sub(Folding.input(0, a), Folding.input(1, b)));
    List<T> operands = List.of(a, b);
    T result =
        Double.isInfinite(p)
            ? Folding.fold(Reduce.Kind.MAX, size, operands, -1)
            : root(Folding.fold(Reduce.Kind.SUM, power(size, p), operands, -1), p);
    return result.to(a.spec().dtype()).squeeze(-1);
  }

  static <T extends TensorOps<T>> T root(T sum, double p) {
    return p == 0 || p == 1 ? sum : Pointwise.ROOT.call(sum, Scalar.of(1 / p));
  }
}
