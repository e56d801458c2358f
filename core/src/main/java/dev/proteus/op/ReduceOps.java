package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Operators that fold axes away.
///
/// @param <T> what operators are applied to
public interface ReduceOps<T extends TensorOps<T>> extends Value<T> {
  /// This summed to a shape that expands to its own: the inverse of broadcasting (rule AG-13).
  default T sumTo(Shape target) {
    Shape shape = spec().shape();
    if (shape.equals(target)) {
      return self();
    }
    int added = shape.rank() - target.rank();
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (axis < added || target.size(axis - added) != shape.size(axis)) {
        axes.add(axis);
      }
    }
    Reduce sum = new Reduce(Reduce.Kind.SUM, new Expr.Input(0, spec().dtype()), axes);
    return call(sum, List.of(self())).reshape(target);
  }
}
