package dev.proteus.nn;

/// What the tensors of a module's state dict are (rule SD-12).
public enum Handles {
  /// Aliases of the module's, outside any graph.
  DETACHED,
  /// The module's parameters and buffers themselves.
  LIVE
}
