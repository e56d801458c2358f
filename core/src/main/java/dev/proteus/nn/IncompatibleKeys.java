package dev.proteus.nn;

import java.util.List;
import java.util.function.Predicate;

/// Names that a module and a state dict do not have in common (rule SD-23).
///
/// @param missing names of the module that the state dict lacks
/// @param unexpected names of the state dict that the module lacks
public record IncompatibleKeys(List<String> missing, List<String> unexpected) {
  public IncompatibleKeys {
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
  }

  /// These without the missing names that `expected` accepts.
  public IncompatibleKeys withoutMissing(Predicate<String> expected) {
    return new IncompatibleKeys(missing.stream().filter(expected.negate()).toList(), unexpected);
  }

  /// These without the unexpected names that `known` accepts.
  public IncompatibleKeys withoutUnexpected(Predicate<String> known) {
    return new IncompatibleKeys(missing, unexpected.stream().filter(known.negate()).toList());
  }
}
