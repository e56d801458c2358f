package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// A function that sees the gradients of a module's outputs before backward enters the module, and
/// may replace them (rule SD-53).
@FunctionalInterface
public interface BackwardPreHook {
  /// The gradients to use instead, as many and of the same shapes, or empty to leave them.
  Optional<List<Tensor>> apply(Module module, List<Tensor> gradOutputs);
}
