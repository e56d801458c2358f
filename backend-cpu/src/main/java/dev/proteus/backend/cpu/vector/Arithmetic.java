package dev.proteus.backend.cpu.vector;

import dev.proteus.expr.Fn;
import java.util.Optional;

/// The functions that take a processor less time than the memory takes.
public enum Arithmetic {
  ADD,
  SUB,
  MUL,
  DIV,
  MAX,
  MIN;

  /// The one that is `fn`, if it is one.
  public static Optional<Arithmetic> of(Fn fn) {
    for (Arithmetic one : values()) {
      if (one.name().equals(fn.name())) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
