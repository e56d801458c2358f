package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A body kept for a derivative.
sealed interface SavedTensor permits KeptTensor, PackedTensor {
  /// Keeps `body`, in the form that the hooks in force give it.
  ///
  /// @throws AutogradException if it was made in inference mode (rule AG-31)
  static SavedTensor of(TensorBody body, @Nullable Edge edge, Scope scope) {
    if (body.shared().isInference()) {
      throw new AutogradException(
          "autograd: the tensor "
              + body.spec()
              + " was made in inference mode and cannot be kept for backward; clone it first (rule"
              + " AG-31)");
    }
    Optional<SavedTensorHooks<?>> hooks = scope.recording().hooks();
    return hooks.isPresent()
        ? PackedTensor.of(body, edge, hooks.get(), scope)
        : new KeptTensor(body, edge);
  }

  /// The tensor as it was, with its place in the graph at that time.
  ///
  /// @throws dev.proteus.error.StaleGraphException if it was written in place since (rule AG-21)
  Tensor unpack(String operator);

  /// Lets go of the content.
  void free();
}
