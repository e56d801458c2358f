package dev.proteus.tensor;

/// The way to take a hook off again (rules AG-42, SD-55).
@FunctionalInterface
public interface HookHandle {
  /// Removes the hook; calling it again does nothing.
  void remove();
}
