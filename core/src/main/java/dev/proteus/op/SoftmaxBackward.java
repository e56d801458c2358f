package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradient of [Softmax]: `y·(g − Σ y·g)`.
///
/// Operands: the result y and its gradient g.
///
/// @param axis axis from 0
public record SoftmaxBackward(int axis) implements Composite {
  @Override
  public String name() {
    return "softmaxBackward";
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
    return List.of(g.sub(Folding.sumOfProducts(y, g, axis)).mul(y));
  }
}
