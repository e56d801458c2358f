package dev.proteus.op;

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
    MAXIMIZE
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
    Operands.shape(name(), "learning rate", inputs.get(2).shape(), Shape.SCALAR);
    if (inputs.size() > 3) {
      Operands.sameType(name(), List.of(p, inputs.get(3)));
      Operands.shape(name(), "buffer", inputs.get(3).shape(), p.shape());
    }
    return momentum == 0 ? List.of(p) : List.of(p, p);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }
}
