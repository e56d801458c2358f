package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradient of [CrossEntropy] for the logits.
///
/// Operands: the gradient g of the loss, then x, target and perhaps weight. The result is like x.
///
/// @param loss what is differentiated
public record CrossEntropyBackward(CrossEntropy loss) implements Composite {
  @Override
  public String name() {
    return "crossEntropyBackward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec result = loss.infer(inputs.subList(1, inputs.size())).getFirst();
    Operands.shape(name(), "g", inputs.getFirst().shape(), result.shape());
    return List.of(inputs.get(1));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }
}
