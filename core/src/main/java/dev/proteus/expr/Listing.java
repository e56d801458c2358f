package dev.proteus.expr;

import java.util.List;

/// An expression written as a list of steps, each after those it reads, in which equal
/// subexpressions are one step.
///
/// What interpreters and code generators walk: its length is the number of different
/// subexpressions, however often they are shared.
///
/// @param key the steps
/// @param constants the values of the constants, by slot
public record Listing(ExprKey key, List<Expr.Const> constants) {
  public Listing {
    constants = List.copyOf(constants);
  }

  /// The listing of an expression: left operands first.
  public static Listing of(Expr expr) {
    Numbering numbering = new Numbering();
    numbering.number(expr);
    return new Listing(new ExprKey(numbering.steps()), numbering.constants());
  }

  /// The steps; the last one is the result.
  public List<Step> steps() {
    return key.steps();
  }
}
