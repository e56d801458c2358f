package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// A function that sees the inputs of a module before it runs, and may replace them (rule SD-50).
@FunctionalInterface
public interface ForwardPreHook {
  /// The inputs to use instead, or empty to leave them.
  Optional<List<Tensor>> apply(Module module, List<Tensor> inputs);
}
