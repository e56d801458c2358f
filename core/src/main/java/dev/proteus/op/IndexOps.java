package dev.proteus.op;

/// Operators that pick and place elements by index.
///
/// @param <T> what operators are applied to
public interface IndexOps<T extends TensorOps<T>> extends Value<T> {}
