package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The negative log likelihood of known classes: `-weight[t]·x[t]`.
///
/// Operands: x `[N, C, *]` of log probabilities, int64 target `[N, *]` of classes from 0, and
/// optionally weight `[C]`. The result is `[N, *]` or a scalar; the mean divides by the sum of the
/// targets' weights. A class out of range is a `TensorIndexException` of the kernel (rule 8.9).
///
/// @param ignoreIndex a target that counts for nothing; it may lie out of range
/// @param reduction what happens to the losses of elements
public record NllLoss(long ignoreIndex, Reduction reduction) implements Composite {
  @Override
  public String name() {
    return "nllLoss";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    checkClasses(name(), inputs);
    Shape losses = reduction == Reduction.NONE ? inputs.get(1).shape() : Shape.SCALAR;
    return List.of(inputs.getFirst().withShape(losses));
  }

  /// Operands x, target and perhaps weight fit each other.
  static void checkClasses(String operator, List<TensorSpec> inputs) {
    TensorSpec x = inputs.get(0);
    TensorSpec target = inputs.get(1);
    Operands.floating(operator, List.of(x));
    if (target.dtype() != DType.INT64) {
      throw new DTypeException(
          operator + ": target is " + target.dtype() + "; classes must be int64");
    }
    if (x.rank() < 2 || !x.shape().without(1).equals(target.shape())) {
      throw new ShapeException(
          operator
              + ": x is "
              + x.shape()
              + ", target is "
              + target.shape()
              + "; they must be [N, C, *] and [N, *]");
    }
    if (inputs.size() > 2) {
      Operands.sameType(operator, List.of(x, inputs.get(2)));
      Operands.shape(operator, "weight", inputs.get(2).shape(), Shape.of(x.shape().size(1)));
    }
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }
}
