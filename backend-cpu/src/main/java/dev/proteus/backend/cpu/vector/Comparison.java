package dev.proteus.backend.cpu.vector;

import dev.proteus.expr.Fn;

/// The functions whose result is a bool.
public enum Comparison {
  EQ,
  NE,
  LT,
  LE,
  GT,
  GE;

  /// The one that is `fn`.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Comparison of(Fn fn) {
    return valueOf(fn.name());
  }
}
