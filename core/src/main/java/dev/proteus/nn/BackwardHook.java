package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// A function that sees the gradients of a module's inputs after backward has left the module, and
/// may replace them (rule SD-53).
@FunctionalInterface
public interface BackwardHook {
  /// The gradients to use instead, as many and of the same shapes, or empty to leave them.
  ///
  /// @param gradInputs one for each input; empty where an input does not require grad
  /// @param gradOutputs one for each output, as backward entered the module with them
  Optional<List<Optional<Tensor>>> apply(
      Module module, List<Optional<Tensor>> gradInputs, List<Tensor> gradOutputs);
}
