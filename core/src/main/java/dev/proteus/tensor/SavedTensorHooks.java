package dev.proteus.tensor;

import java.util.function.Function;

/// What is done to tensors that are kept for a derivative (rule AG-43).
///
/// @param pack the form in which one is kept
/// @param unpack the tensor again
record SavedTensorHooks<P>(Function<Tensor, P> pack, Function<P, Tensor> unpack) {}
