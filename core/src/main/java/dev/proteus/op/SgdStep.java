package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// One step of stochastic gradient descent, in the order of rule OP-20.
///
/// Operands: the parameter p, its gradient g like p, the learning rate as a 0-dim value of p's
/// accumulation type and, where there is momentum, from the second step on the buffer like p.
/// Results: p and, where there is momentum, the buffer. What changes from step to step is an
/// operand, so that one kernel serves all.
///
/// @param weightDecay share of p added to g
/// @param momentum share of the buffer that stays; 0 for none
/// @param dampening share of g that does not enter the buffer
/// @param nesterov whether to look ahead
/// @param goal downhill or uphill
public record SgdStep(
    double weightDecay, double momentum, double dampening, Nesterov nesterov, Goal goal)
    implements Composite {
  /// Whether the step is taken along the buffer, or along the gradient plus the buffer.
  public enum Nesterov {
    OFF,
    ON
  }

  /// The direction of optimisation.
  public enum Goal {
    MINIMIZE,
    MAXIMIZE;

    /// The gradient, negated where the goal is uphill.
    Expr downhill(Expr g) {
      return this == MAXIMIZE ? Exprs.neg(g) : g;
    }
  }

  @Override
  public String name() {
    return "sgdStep";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec p = inputs.get(0);
    Operands.floating(name(), List.of(p, inputs.get(1)));
    Operands.shape(name(), "g", inputs.get(1).shape(), p.shape());
    Operands.is(name(), "learning rate", inputs.get(2), accumulated(p, Shape.SCALAR));
    if (inputs.size() > 3) {
      Operands.sameType(name(), List.of(p, inputs.get(3)));
      Operands.shape(name(), "buffer", inputs.get(3).shape(), p.shape());
    }
    return momentum == 0 ? List.of(p) : List.of(p, p);
  }

  /// The spec of numbers that steps compute with.
  static TensorSpec accumulated(TensorSpec p, Shape shape) {
    return new TensorSpec(shape, p.dtype().accumulator(), p.device());
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T p = inputs.get(0);
    Expr parameter = Folding.input(0, p);
    Expr g = goal.downhill(Folding.input(1, p));
    g = weightDecay == 0 ? g : Exprs.add(g, Exprs.mul(parameter, weightDecay));
    Expr rate = Folding.input(2, inputs.get(2));
    if (momentum == 0) {
      return List.of(step(inputs, parameter, rate, g));
    }
    if (inputs.size() == 3) {
      T buffer = p.call(Map.of("sgdBuffer", g), inputs.subList(0, 2));
      return List.of(step(inputs, parameter, rate, ahead(g, g)), buffer);
    }
    Expr kept = Exprs.mul(Folding.input(3, p), momentum);
    Expr b = Exprs.add(kept, Exprs.mul(g, 1 - dampening));
    T buffer = p.call(Map.of("sgdBuffer", b), inputs);
    List<T> operands = List.of(p, inputs.get(1), inputs.get(2), buffer);
    return List.of(step(operands, parameter, rate, ahead(g, Folding.input(3, p))), buffer);
  }

  private Expr ahead(Expr g, Expr buffer) {
    return nesterov == Nesterov.ON ? Exprs.add(g, Exprs.mul(buffer, momentum)) : buffer;
  }

  private static <T extends TensorOps<T>> T step(List<T> inputs, Expr p, Expr rate, Expr along) {
    Expr moved = Exprs.sub(p, Exprs.mul(rate, along));
    return inputs.getFirst().call(Map.of("sgdStep", moved), inputs);
  }
}
