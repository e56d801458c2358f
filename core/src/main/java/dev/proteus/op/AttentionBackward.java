package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradients of [Attention] for q, k and v.
///
/// Operands: the gradient g `[*, L, Ev]`, then q, k, v and perhaps the mask. Results: gradients
/// like q, k and v.
///
/// @param scale factor of the products
/// @param causality which keys a query sees apart from the mask
public record AttentionBackward(double scale, Attention.Causality causality) implements Composite {
  @Override
  public String name() {
    return "attentionBackward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    List<TensorSpec> operands = inputs.subList(1, inputs.size());
    Operands.shape(name(), "g", inputs.getFirst().shape(), Attention.check(name(), operands));
    return operands.subList(0, 3);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T g = inputs.get(0);
    T q = inputs.get(1);
    T k = inputs.get(2);
    T v = inputs.get(3);
    T weights = weights(inputs);
    T scores = ofScores(inputs, weights).mul(scale);
    return List.of(
        MatMul.product(scores, k).sumTo(q.spec().shape()),
        MatMul.product(scores.mT(), q).sumTo(k.spec().shape()),
        MatMul.product(weights.mT(), g).sumTo(v.spec().shape()));
  }

  /// The gradient for the scores that softmax sees, `[*, L, S]`.
  <T extends TensorOps<T>> T ofScores(List<T> inputs) {
    return ofScores(inputs, weights(inputs));
  }

  private <T extends TensorOps<T>> T ofScores(List<T> inputs, T weights) {
    T grad = MatMul.product(inputs.get(0), inputs.get(3).mT());
    return grad.sub(Folding.sumOfProducts(grad, weights, -1)).mul(weights);
  }

  private <T extends TensorOps<T>> T weights(List<T> inputs) {
    return new Attention(scale, causality).weights(inputs.subList(1, inputs.size()));
  }
}
