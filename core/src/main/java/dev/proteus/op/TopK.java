package dev.proteus.op;

import dev.proteus.error.TensorIndexException;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first values along an axis in order, and their places before, as int64: the start of [Sort].
///
/// @param k how many values
/// @param axis axis from 0
/// @param order `DESCENDING` for the largest values, `ASCENDING` for the smallest
public record TopK(long k, int axis, Sort.Order order) implements Composite, Differentiable {
  @Override
  public String name() {
    return "topk";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    long size = x.shape().size(axis);
    if (k < 0 || k > size) {
      throw new TensorIndexException(
          "topk: k is " + k + "; axis " + axis + " of " + x.shape() + " has 0 to " + size);
    }
    TensorSpec values = x.withShape(x.shape().with(axis, k));
    return List.of(values, values.withDType(DType.INT64));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    List<T> sorted = x.apply(new Sort(axis, order), inputs);
    return sorted.stream().map(all -> all.narrow(axis, 0, k)).toList();
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Along.INDICES;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Along.picked(g, axis);
  }
}
