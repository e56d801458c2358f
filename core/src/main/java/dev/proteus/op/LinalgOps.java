package dev.proteus.op;

/// Products and decompositions of matrices.
///
/// @param <T> what operators are applied to
public interface LinalgOps<T extends TensorOps<T>> extends Value<T> {}
