package dev.proteus.nn;

import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;

/// A function that edits what a module and those below it are given to load. The caller's state
/// dict stays as it is (rules SD-20, SD-21).
@FunctionalInterface
public interface LoadPreHook {
  /// The entries to load instead.
  ///
  /// @param path where the module is in the tree that loads; empty for the root
  /// @param state the entries at and below the module, by path from there
  /// @param options those of the load, as its caller gave them (rule SD-21b)
  StateDict apply(Module module, String path, StateDict state, LoadOptions options);
}
