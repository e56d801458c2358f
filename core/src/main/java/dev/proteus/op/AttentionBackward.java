package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradients of [Attention].
///
/// Operands: the gradient g `[*, L, Ev]`, then q, k, v and perhaps the mask. Results: gradients
/// like q, k, v and, if it is learned, the mask.
///
/// @param scale factor of the products
/// @param causality which keys a query sees apart from the mask
/// @param mask whether the mask gets a gradient
public record AttentionBackward(double scale, Attention.Causality causality, Mask mask)
    implements Composite {
  /// What a mask is.
  public enum Mask {
    /// A given: it gets no gradient. Also if there is none.
    CONSTANT,
    /// A floating operand that gets a gradient.
    LEARNED
  }

  @Override
  public String name() {
    return "attentionBackward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    List<TensorSpec> operands = inputs.subList(1, inputs.size());
    Operands.shape(name(), "g", inputs.getFirst().shape(), Attention.check(name(), operands));
    return operands.subList(0, mask == Mask.LEARNED ? 4 : 3);
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
    T weights = new Attention(scale, causality).weights(inputs.subList(1, inputs.size()));
    T ofWeights = MatMul.product(g, v.mT());
    T along = Folding.sumOfProducts(ofWeights, weights, -1);
    T ofScores = ofWeights.sub(along).mul(weights);
    T scaled = ofScores.mul(scale);
    T ofQ = MatMul.product(scaled, k).sumTo(q.spec().shape());
    T ofK = MatMul.product(scaled.mT(), q).sumTo(k.spec().shape());
    T ofV = MatMul.product(weights.mT(), g).sumTo(v.spec().shape());
    return mask == Mask.LEARNED
        ? List.of(ofQ, ofK, ofV, ofScores.sumTo(inputs.get(4).spec().shape()))
        : List.of(ofQ, ofK, ofV);
  }
}
