package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;

/// What the update rules of several optimizers consist of.
final class Formulas {
  private Formulas() {}

  /// A running mean, `value` included.
  ///
  /// @param kept share of the mean that stays
  static Expr mean(Expr mean, Expr value, double kept) {
    return Exprs.add(mean, Exprs.mul(Exprs.sub(value, mean), 1 - kept));
  }

  /// A running mean of squares, that of `value` included.
  ///
  /// @param kept share of the mean that stays
  static Expr meanSquare(Expr mean, Expr value, double kept) {
    return Exprs.add(Exprs.mul(mean, kept), Exprs.mul(Exprs.mul(value, value), 1 - kept));
  }

  /// The parameter, `rate` times `along` further down.
  static Expr moved(Expr p, Expr along, double rate) {
    return Exprs.sub(p, Exprs.mul(along, rate));
  }
}
