package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The writing primitive: a copy of `base` in which `out[…, index[c], …]` is set from, or combined
/// with, `source[c]`.
///
/// Operands: base, an int64 index as in [Gather], and a source at least as large as the index, of
/// the base's type. Where an index repeats, `SET` lets the last in row-major order win; the others
/// combine all.
///
/// @param axis axis from 0
/// @param mode what happens at an index
public record Scatter(int axis, Mode mode) implements Primitive {
  /// What happens at an index.
  public enum Mode {
    SET,
    ADD,
    MAX
  }

  @Override
  public String name() {
    return switch (mode) {
      case SET -> "scatter";
      case ADD -> "scatterAdd";
      case MAX -> "scatterMax";
    };
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec base = inputs.get(0);
    TensorSpec index = inputs.get(1);
    TensorSpec source = inputs.get(2);
    Gather.checkIndex(name(), base.shape(), index, axis);
    if (source.dtype() != base.dtype()) {
      throw new DTypeException(
          name()
              + ": source is "
              + source.dtype()
              + ", base is "
              + base.dtype()
              + "; they must be the same (rule DT-8)");
    }
    if (source.rank() != base.rank()) {
      throw new ShapeException(
          name()
              + ": source "
              + source.shape()
              + " and base "
              + base.shape()
              + " must have the same rank");
    }
    for (int i = 0; i < base.rank(); i++) {
      if (index.shape().size(i) > source.shape().size(i)) {
        throw new ShapeException(
            name()
                + ": index "
                + index.shape()
                + " is larger than source "
                + source.shape()
                + " at axis "
                + i);
      }
    }
    return List.of(base);
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return mode != Mode.MAX && inputs.getFirst().dtype().isFloating();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.inputs(1);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    List<@Nullable T> grads = new ArrayList<>();
    T index = g.input(1);
    T grad = g.grad();
    grads.add(g.needs(0) ? baseGradient(grad, index) : null);
    grads.add(null);
    grads.add(g.needs(2) ? sourceGradient(g, grad, index) : null);
    return grads;
  }

  private <T extends TensorOps<T>> T baseGradient(T grad, T index) {
    if (mode == Mode.ADD) {
      return grad;
    }
    T zeros = grad.zeros(grad.spec().withShape(index.spec().shape()));
    return grad.call(this, List.of(grad, index, zeros));
  }

  /// Positions of a source beyond the index were never read, so their gradient is zero.
  private <T extends TensorOps<T>> T sourceGradient(Backward<T> g, T grad, T index) {
    T gathered = grad.call(new Gather(axis), List.of(grad, index));
    if (g.spec(2).shape().equals(index.spec().shape())) {
      return gathered;
    }
    T result = grad.zeros(g.spec(2));
    List<View> corner = new ArrayList<>();
    for (int i = 0; i < index.spec().rank(); i++) {
      corner.add(new Slice(i, 0, index.spec().shape().size(i), 1));
    }
    return result.call(new Place(corner, Place.Mode.SET), List.of(result, gathered));
  }
}
