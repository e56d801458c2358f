package dev.proteus.nn;

/// A function that edits the lists of names that did not match, those of children before their
/// parents': what it takes out is no error, what it adds is one (rule SD-21).
///
/// It runs before anything is written, so that nothing has changed if the load is refused.
@FunctionalInterface
public interface LoadHook {
  /// The lists to use instead.
  ///
  /// @param keys names at and below the module, by path from the root
  IncompatibleKeys apply(Module module, IncompatibleKeys keys);
}
