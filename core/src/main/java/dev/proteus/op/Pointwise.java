package dev.proteus.op;

import static dev.proteus.op.Pointwise.Typing.ARITHMETIC;
import static dev.proteus.op.Pointwise.Typing.BITWISE;
import static dev.proteus.op.Pointwise.Typing.COMPARE;
import static dev.proteus.op.Pointwise.Typing.REAL;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import java.util.List;
import java.util.function.Function;

/// The pointwise operators: a name, how operand types combine, and an expression, one line each.
///
/// Derivative, kernels on every backend and fusion follow from the expression.
public enum Pointwise {
  ADD("add", 2, ARITHMETIC, x -> Exprs.add(x.get(0), x.get(1))),
  EXP("exp", 1, REAL, x -> Exprs.exp(x.get(0))),
  EQ("eq", 2, COMPARE, x -> Exprs.eq(x.get(0), x.get(1))),
  BITWISE_AND("bitwiseAnd", 2, BITWISE, x -> Exprs.and(x.get(0), x.get(1)));

  /// How operand types combine into the type that the expression computes in.
  public enum Typing {
    /// Promoted together (rules DT-1, DT-2).
    ARITHMETIC,
    /// Promoted together, and to the default floating type if that is not floating (rule DT-7).
    REAL,
    /// Promoted together; the expression gives a bool (rule DT-6).
    COMPARE,
    /// Promoted together; only integers and booleans (rule DT-6).
    BITWISE
  }

  private final String label;
  private final int arity;
  private final Typing typing;
  private final Function<List<Expr>, Expr> body;

  Pointwise(String label, int arity, Typing typing, Function<List<Expr>, Expr> body) {
    this.label = label;
    this.arity = arity;
    this.typing = typing;
    this.body = body;
  }
}
