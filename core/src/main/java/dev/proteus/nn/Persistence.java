package dev.proteus.nn;

/// Whether a buffer is part of its module's state dict.
public enum Persistence {
  PERSISTENT,
  /// It is made anew by whoever makes the module; it converts and moves with it all the same.
  TRANSIENT
}
