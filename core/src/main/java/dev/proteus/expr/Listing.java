package dev.proteus.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

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
    return new Listing(new ExprKey(numbering.steps), numbering.constants);
  }

  /// The steps; the last one is the result.
  public List<Step> steps() {
    return key.steps();
  }

  private static final class Numbering {
    private final List<Step> steps = new ArrayList<>();
    private final List<Expr.Const> constants = new ArrayList<>();
    private final IdentityHashMap<Expr, Integer> known = new IdentityHashMap<>();
    private final Map<Step, Integer> numbers = new HashMap<>();
    private final Map<Expr.Const, Integer> slots = new HashMap<>();

    private int number(Expr expr) {
      Integer seen = known.get(expr);
      if (seen != null) {
        return seen;
      }
      Step step = step(expr);
      int number = numbers.computeIfAbsent(step, _ -> steps.size());
      if (number == steps.size()) {
        steps.add(step);
      }
      known.put(expr, number);
      return number;
    }

    private Step step(Expr expr) {
      return switch (expr) {
        case Expr.Input(int index, var dtype) -> new Step.Input(index, dtype);
        case Expr.Const constant -> new Step.Const(slot(constant), constant.dtype());
        case Expr.Coord(int axis) -> new Step.Coord(axis);
        case Expr.Cast(var dtype, Expr arg) -> new Step.Cast(dtype, number(arg));
        case Expr.Call(Fn fn, var dtype, List<Expr> args) ->
            new Step.Call(fn, dtype, args.stream().map(this::number).toList());
      };
    }

    private int slot(Expr.Const constant) {
      int slot = slots.computeIfAbsent(constant, _ -> constants.size());
      if (slot == constants.size()) {
        constants.add(constant);
      }
      return slot;
    }
  }
}
