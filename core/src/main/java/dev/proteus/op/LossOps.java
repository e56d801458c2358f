package dev.proteus.op;

/// Losses.
///
/// @param <T> what operators are applied to
public interface LossOps<T extends TensorOps<T>> extends Value<T> {}
