package dev.proteus.op;

/// Operators of neural networks.
///
/// @param <T> what operators are applied to
public interface NnOps<T extends TensorOps<T>> extends Value<T> {}
