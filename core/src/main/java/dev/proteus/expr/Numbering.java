package dev.proteus.expr;

import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Numbers for subexpressions, equal ones the same: how expressions are compared in time
/// proportional to their different parts, however often those are shared.
///
/// A subexpression's number is larger than those of its operands.
final class Numbering {
  private final List<Step> steps = new ArrayList<>();
  private final List<Expr.Const> constants = new ArrayList<>();
  private final IdentityHashMap<Expr, Integer> known = new IdentityHashMap<>();
  private final Map<Step, Integer> numbers = new HashMap<>();
  private final Map<Expr.Const, Integer> slots = new HashMap<>();

  /// What the number `i` stands for, at index `i`.
  List<Step> steps() {
    return steps;
  }

  /// The constants met so far, by slot.
  List<Expr.Const> constants() {
    return constants;
  }

  int number(Expr expr) {
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
      case Expr.Input(int index, DType dtype) -> new Step.Input(index, dtype);
      case Expr.Const constant -> new Step.Const(slot(constant), constant.dtype());
      case Expr.Coord(int axis) -> new Step.Coord(axis);
      case Expr.Cast(DType dtype, Expr arg) -> new Step.Cast(dtype, number(arg));
      case Expr.Call(Fn fn, DType dtype, List<Expr> args) ->
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
