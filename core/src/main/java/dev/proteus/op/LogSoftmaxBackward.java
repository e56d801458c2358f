package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradient of [LogSoftmax]: `g − exp(y)·Σ g`.
///
/// Operands: the result y and its gradient g.
///
/// @param axis axis from 0
public record LogSoftmaxBackward(int axis) implements Composite {
  @Override
  public String name() {
    return "logSoftmaxBackward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    return List.of(inputs.getFirst());
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T y = inputs.get(0);
    T g = inputs.get(1);
    return List.of(g.sub(y.exp().mul(g.sum(Keep.AXES, axis))));
  }
}
