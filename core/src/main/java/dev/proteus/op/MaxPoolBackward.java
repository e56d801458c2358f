package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradient of [MaxPool] and of [AdaptiveMaxPool]: each gradient added where its maximum was.
///
/// Operands: g and int64 indices `[N, C, *out]`; the result is `[N, C, *spatial]`.
///
/// @param spatial spatial sizes of the result
public record MaxPoolBackward(List<Long> spatial) implements Composite, Differentiable {
  public MaxPoolBackward {
    spatial = List.copyOf(spatial);
  }

  @Override
  public String name() {
    return "maxPool" + spatial.size() + "dBackward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec g = inputs.get(0);
    TensorSpec index = inputs.get(1);
    if (index.dtype() != DType.INT64) {
      throw new DTypeException(
          "%s: index is %s; it must be int64".formatted(name(), index.dtype()));
    }
    Operands.shape(name(), "index", index.shape(), g.shape());
    if (g.rank() != spatial.size() + 2) {
      throw new ShapeException(
          "%s: g is %s; it must have %s axes".formatted(name(), g.shape(), spatial.size() + 2));
    }
    return List.of(g.withShape(g.shape().slice(0, 2).concat(Shape.of(spatial))));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T g = inputs.get(0);
    T zeros = g.zeros(flat(g.spec(), Shape.of(spatial).numel()));
    T index = flat(inputs.get(1));
    T sums = g.call(new Scatter(2, Scatter.Mode.ADD), List.of(zeros, index, flat(g)));
    return List.of(sums.reshape(g.spec().shape().slice(0, 2).concat(Shape.of(spatial))));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.inputs(1);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = flat(g.grad());
    T gathered = grad.call(new Gather(2), List.of(grad, flat(g.input(1))));
    return Arrays.asList(gathered.reshape(g.spec(0).shape()), null);
  }

  private static <T extends TensorOps<T>> T flat(T x) {
    return x.reshape(flat(x.spec(), x.spec().shape().slice(2, x.spec().rank()).numel()).shape());
  }

  private static TensorSpec flat(TensorSpec x, long positions) {
    return x.withShape(x.shape().slice(0, 2).concat(Shape.of(positions)));
  }
}
