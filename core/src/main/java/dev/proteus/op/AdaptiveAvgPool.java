package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;

/// The mean of each of `size` windows that cover the input evenly, windows as in [AdaptiveMaxPool].
///
/// Operand: x `[N, C, *S]`, floating; the result is `[N, C, *size]`.
///
/// @param size windows per spatial axis
public record AdaptiveAvgPool(List<Long> size) implements Composite {
  public AdaptiveAvgPool {
    size = List.copyOf(size);
  }

  @Override
  public String name() {
    return "adaptiveAvgPool" + size.size() + "d";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    TensorSpec x = inputs.getFirst();
    return List.of(x.withShape(AdaptiveMaxPool.pooled(name(), x.shape(), size)));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T result = inputs.getFirst();
    Shape shape = result.spec().shape();
    if (EvenWindows.divides(shape, size)) {
      List<Integer> kernel = EvenWindows.kernel(shape, size);
      List<Integer> none = Collections.nCopies(kernel.size(), 0);
      AvgPool.Divisor whole = AvgPool.Divisor.Counted.WITHOUT_PADDING;
      return result.apply(new AvgPool(kernel, kernel, none, Rounding.FLOOR, whole), inputs);
    }
    for (int axis = 2; axis < result.spec().rank(); axis++) {
      EvenWindows even =
          new EvenWindows(axis, result.spec().shape().size(axis), size.get(axis - 2));
      result = even.means(result);
    }
    return List.of(result);
  }
}
