package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Promotion;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;

/// An operand as the typing of a [Pointwise] operator sees it.
public sealed interface Term {
  /// How much an operand's type weighs in promotion, the heaviest first (rule DT-2).
  enum Rank {
    DIMENSIONED,
    ZERO_DIM,
    HOST
  }

  DType dtype();

  Rank rank();

  /// This converted to `dtype`; one with elements reads operand `input`.
  Expr as(DType dtype, int input);

  /// An operand with elements.
  record Element(DType dtype, Rank rank) implements Term {
    @Override
    public Expr as(DType target, int input) {
      return Exprs.cast(target, Exprs.input(input, dtype));
    }
  }

  /// A number of the host, which becomes part of the expression.
  record Host(Scalar value, DType dtype) implements Term {
    @Override
    public Rank rank() {
      return Rank.HOST;
    }

    @Override
    public Expr as(DType target, int input) {
      return Exprs.constant(target, value);
    }
  }

  /// The operand with this spec.
  static Term of(TensorSpec spec) {
    return new Element(spec.dtype(), spec.rank() == 0 ? Rank.ZERO_DIM : Rank.DIMENSIONED);
  }

  /// A number of the host, real ones as float32.
  static Term of(Scalar value) {
    return of(value, Promotion.REAL);
  }

  /// A number of the host where `real` is the default floating type (rule DT-3).
  static Term of(Scalar value, DType real) {
    return new Host(value, Promotion.of(value, real));
  }
}
