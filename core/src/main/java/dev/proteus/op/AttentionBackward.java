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
    throw new UnsupportedOperationException(name());
  }
}
