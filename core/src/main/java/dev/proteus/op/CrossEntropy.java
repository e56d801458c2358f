package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cross entropy of logits against known classes: [NllLoss] of [LogSoftmax].
///
/// Operands: x `[N, C, *]` of logits, int64 target `[N, *]` of classes from 0, and optionally
/// weight `[C]`. The result is `[N, *]` or a scalar; the mean divides by the sum of the targets'
/// weights. A class out of range is a `TensorIndexException` of the kernel (rule 8.9). Class
/// probabilities as target are a composition in `LossOps`.
///
/// @param ignoreIndex a target that counts for nothing; it may lie out of range
/// @param labelSmoothing the share of the target that is spread evenly over all classes, from 0 to
///   1
/// @param reduction what happens to the losses of elements
public record CrossEntropy(long ignoreIndex, double labelSmoothing, Reduction reduction)
    implements Composite, Differentiable {
  @Override
  public String name() {
    return "crossEntropy";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    NllLoss.checkClasses(name(), inputs);
    Shape losses = reduction == Reduction.NONE ? inputs.get(1).shape() : Shape.SCALAR;
    return List.of(inputs.getFirst().withShape(losses));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Arrays.asList(null, null);
  }
}
