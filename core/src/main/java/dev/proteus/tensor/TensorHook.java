package dev.proteus.tensor;

import java.util.Optional;

/// A function that sees the gradient of a tensor, and may replace it, before it is accumulated or
/// passed on (rule AG-40).
@FunctionalInterface
public interface TensorHook {
  /// The gradient to use instead, of the same shape, or empty to leave it.
  Optional<Tensor> apply(Tensor grad);
}
