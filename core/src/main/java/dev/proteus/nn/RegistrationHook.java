package dev.proteus.nn;

import java.util.Optional;

/// A function that sees what a module registers, and may replace it (rule SD-9).
@FunctionalInterface
public interface RegistrationHook<T> {
  /// What to register instead, or empty to leave it. A module may be replaced by one of the same
  /// class only.
  Optional<T> apply(Module module, String name, T registered);
}
