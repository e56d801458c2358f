package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shares that sum to 1 along an axis: `exp(x) / Σ exp(x)`, without overflow. An axis of nothing
/// but -inf gives NaN (rule 8.9).
///
/// Operand: x, floating.
///
/// @param axis axis from 0
public record Softmax(int axis) implements Composite, Differentiable {
  @Override
  public String name() {
    return "softmax";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    return List.of(inputs.getFirst());
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    if (x.spec().numel() == 0) {
      return List.of(x.zeros(x.spec()));
    }
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T e = x.sub(x.amax(Keep.AXES, axis)).exp();
    return List.of(e.div(e.sum(Keep.AXES, axis)));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.OUTPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    return Collections.singletonList(
        grad.call(new SoftmaxBackward(axis), List.of(g.output(), grad)));
  }
}
