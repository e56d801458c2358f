package dev.proteus.op;

import dev.proteus.expr.Derivative;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Listing;
import dev.proteus.expr.Simplify;
import dev.proteus.expr.Step;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// The gradient for one operand of an expression, before it is summed to the operand's shape.
sealed interface Partial {
  /// Whether a derivative may read the value of the expression instead of its operands.
  enum Result {
    SAVED,
    LOST
  }

  /// Zeros: the expression does not depend on the operand, or only by steps.
  record Zero() implements Partial {}

  /// The upstream gradient itself.
  record Upstream() implements Partial {}

  /// A map of some operands, the result if `readsResult`, and the upstream gradient, in that order.
  ///
  /// @param inputs operands that the map reads, ascending
  record Mapped(Map map, List<Integer> inputs, boolean readsResult) implements Partial {
    public Mapped {
      inputs = List.copyOf(inputs);
    }

    /// What the map is applied to.
    <T extends TensorOps<T>> List<T> operands(Backward<T> g, T upstream) {
      List<T> operands = new ArrayList<>(inputs.size() + 2);
      for (int input : inputs) {
        operands.add(g.input(input));
      }
      if (readsResult) {
        operands.add(g.output());
      }
      operands.add(upstream);
      return operands;
    }
  }

  /// The gradient for operand `input` of `count`.
  ///
  /// The result is read only where that saves reading any operand: as for `exp` or `tanh`.
  static Partial of(String name, Expr expr, int input, int count, Result result) {
    Expr simple = Simplify.of(expr);
    Expr derivative = Derivative.of(simple, input);
    if (Derivative.isConstant(derivative, 0)) {
      return new Zero();
    }
    Expr output = Exprs.input(count, expr.dtype());
    Expr upstream = Exprs.input(count + 1, expr.dtype());
    Expr gradient = Simplify.of(Derivative.times(derivative, upstream));
    if (result == Result.SAVED) {
      Expr byResult = byResult(gradient, simple, output);
      gradient = Exprs.inputs(byResult).nextSetBit(0) >= count ? byResult : gradient;
    }
    gradient = Simplify.of(Exprs.cast(typeOf(simple, input), gradient));
    return gradient.equals(upstream) ? new Upstream() : mapped(name + "Backward", gradient, count);
  }

  /// A gradient with the value of the expression, where it occurs, read from the result.
  ///
  /// Of the form `x ≤ c ? c : x` the result says as much about the condition as x does; so the
  /// gradient of `relu` needs the result alone.
  private static Expr byResult(Expr gradient, Expr expr, Expr result) {
    Expr replaced = Exprs.replace(gradient, expr, result);
    if (expr instanceof Expr.Call(Fn where, _, List<Expr> args)
        && where == Fn.WHERE
        && args.get(0) instanceof Expr.Call(Fn compare, _, List<Expr> sides)
        && (compare == Fn.LE || compare == Fn.GE)
        && sides.get(1) instanceof Expr.Const bound
        && sides.equals(List.of(args.get(2), args.get(1)))) {
      return Exprs.replace(replaced, args.get(0), Exprs.call(compare, result, bound));
    }
    return replaced;
  }

  /// What gradients read.
  static Saved saved(List<Partial> partials) {
    Saved saved = Saved.NONE;
    for (Partial partial : partials) {
      if (partial instanceof Mapped mapped) {
        for (int input : mapped.inputs()) {
          saved = saved.with(input);
        }
        saved = mapped.readsResult() ? saved.withOutputs() : saved;
      }
    }
    return saved;
  }

  private static DType typeOf(Expr expr, int input) {
    return Listing.of(expr).steps().stream()
        .filter(step -> step instanceof Step.Input(int index, _) && index == input)
        .findFirst()
        .orElseThrow()
        .dtype();
  }

  private static Mapped mapped(String name, Expr gradient, int count) {
    BitSet read = Exprs.inputs(gradient);
    List<Integer> inputs = read.stream().filter(i -> i < count).boxed().toList();
    return new Mapped(Map.of(name, Exprs.packed(gradient)), inputs, read.get(count));
  }
}
