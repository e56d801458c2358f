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
  /// The mean; -100 is ignored.
  public static final NllLoss MEAN = new NllLoss(-100, Reduction.MEAN);

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
          "%s: target is %s; classes must be int64".formatted(operator, target.dtype()));
    }
    if (x.rank() < 2 || !x.shape().without(1).equals(target.shape())) {
      throw new ShapeException(
          "%s: x is %s, target is %s; they must be [N, C, *] and [N, *]"
              .formatted(operator, x.shape(), target.shape()));
    }
    if (inputs.size() > 2) {
      Operands.sameType(operator, List.of(x, inputs.get(2)));
      Operands.shape(operator, "weight", inputs.get(2).shape(), Shape.of(x.shape().size(1)));
    }
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T x = inputs.get(0);
    T target = target(inputs.get(1));
    T picked = x.call(new Gather(1), List.of(x, target.unsqueeze(1))).squeeze(1);
    T weights = weights(inputs);
    T losses = picked.neg().mul(weights);
    return List.of(reduced(losses.maskedFill(inputs.get(1).eq(ignoreIndex), 0), weights));
  }

  /// Targets with a class that exists in place of those ignored.
  <T extends TensorOps<T>> T target(T target) {
    return target.maskedFill(target.eq(ignoreIndex), 0);
  }

  /// The weight of each target, 0 where it is ignored, for operands x, target and perhaps weight.
  <T extends TensorOps<T>> T weights(List<T> inputs) {
    T x = inputs.get(0);
    T target = inputs.get(1);
    T weights;
    if (inputs.size() > 2) {
      T weight = inputs.get(2);
      T picked = weight.call(new Gather(0), List.of(weight, target(target).flatten()));
      weights = picked.reshape(target.spec().shape());
    } else {
      weights = x.ones(x.spec().withShape(target.spec().shape()));
    }
    return weights.maskedFill(target.eq(ignoreIndex), 0);
  }

  /// Losses of elements reduced; the mean is that of the weights.
  <T extends TensorOps<T>> T reduced(T losses, T weights) {
    return switch (reduction) {
      case NONE -> losses;
      case SUM -> losses.sumTo(Shape.SCALAR);
      case MEAN -> losses.sumTo(Shape.SCALAR).div(weights.sumTo(Shape.SCALAR));
    };
  }
}
