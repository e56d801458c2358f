package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Where values would have to be inserted into an ascending sequence to keep it so, as int64.
///
/// Operands: the sequence, ascending along its last axis, and the values, whose axes but the last
/// are the same; a sequence with one axis takes values of any shape. Both have one type. NaN
/// belongs at the end.
///
/// @param side where among equal values
public record SearchSorted(Side side) implements Composite {
  /// Where among equal values.
  public enum Side {
    /// Before them.
    LEFT,
    /// After them.
    RIGHT
  }

  @Override
  public String name() {
    return "searchsorted";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec sorted = inputs.get(0);
    TensorSpec values = inputs.get(1);
    if (sorted.dtype() != values.dtype()) {
      throw new DTypeException(
          "searchsorted: the sequence is %s, the values are %s; they must be the same"
              .formatted(sorted.dtype(), values.dtype()));
    }
    if (sorted.rank() != 1 && !isAligned(sorted.shape(), values.shape())) {
      throw new ShapeException(
          "searchsorted: the sequence is %s, the values are %s; all axes but the last must be the same"
              .formatted(sorted.shape(), values.shape()));
    }
    return List.of(values.withDType(DType.INT64));
  }

  private static boolean isAligned(Shape sorted, Shape values) {
    return sorted.rank() == values.rank()
        && sorted.rank() > 0
        && sorted.with(-1, 1).equals(values.with(-1, 1));
  }

  /// The place of a value is the number of elements that precede it.
  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T sorted = inputs.get(0);
    T values = inputs.get(1);
    Expr element = Exprs.input(0, sorted.spec().dtype());
    Expr value = Exprs.input(1, sorted.spec().dtype());
    Expr follows =
        switch (side) {
          case LEFT -> Exprs.ge(element, value);
          case RIGHT -> Exprs.gt(element, value);
        };
    Expr precedes = Exprs.cast(DType.INT64, Exprs.not(follows));
    int axis = values.spec().rank();
    T elements = sorted.spec().rank() == 1 ? sorted : sorted.unsqueeze(-2);
    Reduce count = new Reduce(Reduce.Kind.SUM, precedes, List.of(axis));
    return List.of(values.call(count, List.of(elements, values.unsqueeze(-1))).squeeze(axis));
  }
}
