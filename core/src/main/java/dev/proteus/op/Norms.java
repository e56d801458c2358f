package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;

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
    return Formulas.power(wide, Exprs.like(wide, p));
  }

  static <T extends TensorOps<T>> T root(T sum, double p) {
    return p == 0 || p == 1 ? sum : Pointwise.ROOT.call(sum, Scalar.of(1 / p));
  }
}
