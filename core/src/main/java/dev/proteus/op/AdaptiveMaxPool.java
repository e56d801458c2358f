package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The largest element of each of `size` windows that cover the input evenly, and where it is.
///
/// Window i of an axis of n runs from `⌊i·n/size⌋` to `⌈(i + 1)·n/size⌉`, exclusive. Operand: x
/// `[N, C, *S]`. Results: values and int64 indices `[N, C, *size]` as in [MaxPool].
///
/// @param size windows per spatial axis
public record AdaptiveMaxPool(List<Long> size) implements Composite, Differentiable {
  public AdaptiveMaxPool {
    size = List.copyOf(size);
  }

  @Override
  public String name() {
    return "adaptiveMaxPool" + size.size() + "d";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    Shape out = pooled(name(), x.shape(), size);
    return List.of(x.withShape(out), x.withShape(out).withDType(DType.INT64));
  }

  static Shape pooled(String operator, Shape x, List<Long> size) {
    if (x.rank() != size.size() + 2) {
      throw new ShapeException(
          "%s: x is %s; it must have %s axes".formatted(operator, x, size.size() + 2));
    }
    for (int i = 2; i < x.rank(); i++) {
      if (x.size(i) == 0) {
        throw new ShapeException("%s: x is %s; a spatial axis is empty".formatted(operator, x));
      }
    }
    return x.slice(0, 2).concat(Shape.of(size));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T values = inputs.getFirst();
    Shape shape = values.spec().shape();
    if (EvenWindows.divides(shape, size)) {
      List<Integer> kernel = EvenWindows.kernel(shape, size);
      List<Integer> none = Collections.nCopies(kernel.size(), 0);
      List<Integer> ones = Collections.nCopies(kernel.size(), 1);
      return values.apply(new MaxPool(kernel, kernel, none, ones, Rounding.FLOOR), inputs);
    }
    T indices = MaxPool.positions(values).expand(values.spec().shape());
    for (int axis = 2; axis < values.spec().rank(); axis++) {
      EvenWindows even =
          new EvenWindows(axis, values.spec().shape().size(axis), size.get(axis - 2));
      T windows = even.windows(values);
      T max = windows.amax(Keep.AXES, -1);
      indices = MaxPool.first(windows, max, even.windows(indices), -1).squeeze(-1);
      values = max.squeeze(-1);
    }
    return List.of(values, indices);
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return new Saved(0, 2);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    Shape x = g.spec(0).shape();
    MaxPoolBackward backward = new MaxPoolBackward(x.slice(2, x.rank()).toList());
    return Collections.singletonList(g.grad().call(backward, List.of(g.grad(0), g.output(1))));
  }
}
