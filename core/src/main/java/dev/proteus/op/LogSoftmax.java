package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The logarithm of [Softmax]: `x − log Σ exp(x)`, without overflow.
///
/// Operand: x, floating.
///
/// @param axis axis from 0
public record LogSoftmax(int axis) implements Composite, Differentiable {
  @Override
  public String name() {
    return "logSoftmax";
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
    T below = x.sub(x.amax(Keep.AXES, axis));
    return List.of(below.sub(below.exp().sum(Keep.AXES, axis).log()));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.OUTPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    return Collections.singletonList(
        grad.call(new LogSoftmaxBackward(axis), List.of(g.output(), grad)));
  }
}
