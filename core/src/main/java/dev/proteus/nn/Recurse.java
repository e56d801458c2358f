package dev.proteus.nn;

/// How far something reaches below a module.
public enum Recurse {
  /// To the module and all below it.
  TREE,
  /// To the module's own tensors only.
  SELF
}
