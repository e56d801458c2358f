package dev.proteus.op;

import dev.proteus.type.Shape;
import java.util.List;

/// Operators that rearrange elements.
///
/// @param <T> what operators are applied to
public interface ViewOps<T extends TensorOps<T>> extends Value<T> {
  /// The same elements in row-major order with other sizes: a view where strides allow, else a copy
  /// (rule VW-2).
  default T reshape(Shape shape) {
    if (shape.equals(spec().shape())) {
      return self();
    }
    return call(new Reshape(shape), List.of(self()));
  }

  /// This repeated along axes of size 1, without a copy (rule VW-4).
  default T expand(Shape shape) {
    if (shape.equals(spec().shape())) {
      return self();
    }
    return call(new Expand(shape), List.of(self()));
  }
}
