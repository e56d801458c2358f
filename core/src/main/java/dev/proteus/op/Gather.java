package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The reading primitive: `out[c] = x[…, index[c], …]`, the index standing at `axis` (rule IX-7).
///
/// Operands: x, and an int64 index of the same rank whose sizes do not exceed x's except along the
/// axis. Indices are from 0; one out of range is a `TensorIndexException` of the kernel.
///
/// @param axis axis from 0
public record Gather(int axis) implements Primitive {
  @Override
  public String name() {
    return "gather";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.get(0);
    TensorSpec index = inputs.get(1);
    checkIndex(name(), x.shape(), index, axis);
    return List.of(x.withShape(index.shape()));
  }

  static void checkIndex(String name, Shape x, TensorSpec index, int axis) {
    if (index.dtype() != DType.INT64) {
      throw new DTypeException(name + ": index is " + index.dtype() + "; it must be int64");
    }
    if (index.rank() != x.rank()) {
      throw new ShapeException(
          name + ": index " + index.shape() + " and operand " + x + " must have the same rank");
    }
    if (x.rank() > 0 && x.size(axis) == 0 && index.numel() > 0) {
      throw new TensorIndexException(
          name
              + ": index "
              + index.shape()
              + " for axis "
              + axis
              + " of "
              + x
              + ", which is empty");
    }
    for (int i = 0; i < x.rank(); i++) {
      if (i != axis && index.shape().size(i) > x.size(i)) {
        throw new ShapeException(
            name + ": index " + index.shape() + " is larger than operand " + x + " at axis " + i);
      }
    }
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.inputs(1);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T zeros = g.grad().zeros(g.spec(0));
    return Arrays.asList(
        zeros.call(new Scatter(axis, Scatter.Mode.ADD), List.of(zeros, g.input(1), g.grad())),
        null);
  }
}
