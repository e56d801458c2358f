package dev.proteus.op;

/// Operators on one element at a time.
///
/// @param <T> what operators are applied to
public interface PointwiseOps<T extends TensorOps<T>> extends Value<T> {}
