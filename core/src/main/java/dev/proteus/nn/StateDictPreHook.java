package dev.proteus.nn;

/// A function that is told that a module is about to save its state (rule SD-16).
@FunctionalInterface
public interface StateDictPreHook {
  /// Called before the module saves its own state.
  ///
  /// @param path where the module is in the tree that is saved; empty for the root
  void accept(Module module, String path, Handles handles);
}
