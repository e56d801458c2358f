package dev.proteus.op;

import dev.proteus.type.Shape;

/// Different values, or slices along an axis, and how to find them again.
///
/// @param values each once
/// @param inverse for each element or slice the place of its value, int64
/// @param counts how often each occurs, int64
public record Unique<T extends TensorOps<T>>(T values, T inverse, T counts) {
  Unique<T> withInverse(Shape shape) {
    return new Unique<>(values, inverse.reshape(shape), counts);
  }
}
