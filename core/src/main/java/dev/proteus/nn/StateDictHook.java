package dev.proteus.nn;

import dev.proteus.state.StateDict;

/// A function that edits what a module and those below it save (rule SD-16).
@FunctionalInterface
public interface StateDictHook {
  /// The entries to save instead.
  ///
  /// @param path where the module is in the tree that is saved; empty for the root
  /// @param state the entries at and below the module, by path from there
  StateDict apply(Module module, String path, StateDict state);
}
