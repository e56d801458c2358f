package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradients of [BatchNorm].
///
/// Operands: the gradients g `[N, C, *]`, gMean `[C]` and gVar `[C]` of its results, x `[N, C, *]`,
/// the batch's mean and variance `[C]`, and optionally weight `[C]`. Results: the gradient for x
/// and, where there is a weight, those for weight and bias `[C]`.
///
/// @param eps what is added to the variance
public record BatchNormBackward(double eps) implements Composite {
  @Override
  public String name() {
    return "batchNormBackward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    TensorSpec x = inputs.get(3);
    Operands.shape(name(), "g", inputs.get(0).shape(), x.shape());
    Shape channels = Shape.of(x.shape().size(1));
    for (int i : new int[] {1, 2, 4, 5, inputs.size() - 1}) {
      Operands.shape(name(), "operand " + i, inputs.get(i).shape(), channels);
    }
    TensorSpec each = x.withShape(channels);
    return inputs.size() < 7 ? List.of(x) : List.of(x, each, each);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }
}
