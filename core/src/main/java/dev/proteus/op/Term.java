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
  record Host(Scalar value) implements Term {
    @Override
    public DType dtype() {
      return Promotion.of(value, Promotion.REAL);
    }

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

  /// A number of the host.
  static Term of(Scalar value) {
    return new Host(value);
  }
}
