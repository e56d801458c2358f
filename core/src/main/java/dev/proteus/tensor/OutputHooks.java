package dev.proteus.tensor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What wants to see the gradient of one result of a recorded call. It stays with the call when the
/// tensor is written in place later (rule AG-42).
final class OutputHooks {
  private final List<TensorHook> hooks = new CopyOnWriteArrayList<>();
  private @Nullable Tape retained;

  List<TensorHook> hooks() {
    return hooks;
  }

  /// The tape whose gradient is to be kept although it is not a leaf's, or null.
  @Nullable Tape retained() {
    return retained;
  }

  void retain(Tape tape) {
    retained = tape;
  }
}
