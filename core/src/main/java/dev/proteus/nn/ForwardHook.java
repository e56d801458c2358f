package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// A function that sees the output of a module after it ran, and may replace it (rule SD-50).
@FunctionalInterface
public interface ForwardHook {
  /// The output to use instead, or empty to leave it.
  Optional<Tensor> apply(Module module, List<Tensor> inputs, Tensor output);
}
