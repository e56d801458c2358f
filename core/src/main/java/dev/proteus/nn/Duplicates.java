package dev.proteus.nn;

/// What becomes of tensors and modules that have several names in a tree (rule SD-8).
public enum Duplicates {
  /// The first name stands for all.
  REMOVE,
  /// Each name is listed.
  KEEP
}
