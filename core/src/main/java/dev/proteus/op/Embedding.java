package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Rows of a table by number.
///
/// Operands: weight `[V, D]` and int64 indices `[*]` from 0; the result is `[*, D]`. An index out
/// of range is a `TensorIndexException` of the kernel (rule 8.9).
///
/// @param padding the row that gets no gradient, if any
public record Embedding(OptionalLong padding) implements Composite, Differentiable {
  @Override
  public String name() {
    return "embedding";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec weight = inputs.get(0);
    TensorSpec index = inputs.get(1);
    if (index.dtype() != DType.INT64) {
      throw new DTypeException("embedding: index is %s; it must be int64".formatted(index.dtype()));
    }
    if (weight.rank() != 2) {
      throw new ShapeException(
          "embedding: weight is %s; it must be [V, D]".formatted(weight.shape()));
    }
    return List.of(weight.withShape(index.shape().concat(Shape.of(weight.shape().size(1)))));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T weight = inputs.get(0);
    T rows = weight.call(new Gather(0), List.of(weight, rows(inputs.get(1), weight.spec())));
    Shape result = inputs.get(1).spec().shape().concat(weight.spec().shape().slice(1, 2));
    return List.of(rows.reshape(result));
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
    TensorSpec weight = g.spec(0);
    T index = rows(g.input(1), weight);
    T grad = g.grad().reshape(index.spec().shape());
    if (padding.isPresent()) {
      grad = grad.maskedFill(index.eq(padding.getAsLong()), 0);
    }
    T zeros = grad.zeros(weight);
    return Arrays.asList(
        grad.call(new Scatter(0, Scatter.Mode.ADD), List.of(zeros, index, grad)), null);
  }

  /// The indices repeated along D, without a copy.
  private static <T extends TensorOps<T>> T rows(T index, TensorSpec weight) {
    long count = index.spec().numel();
    return index.reshape(Shape.of(count, 1)).expand(Shape.of(count, weight.shape().size(1)));
  }
}
