package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// A function that is told of the end of a module's call whether it succeeded or not, after all
/// other hooks (rule SD-51).
///
/// What it throws after a call that failed does not hide why the call failed: it is added to that
/// exception's suppressed ones.
@FunctionalInterface
public interface AlwaysHook {
  /// Called at the end of a call.
  ///
  /// @param inputs as the module got them, as far as the call came
  /// @param output what the call returns, or empty if it failed
  void accept(Module module, List<Tensor> inputs, Optional<Tensor> output);
}
