package dev.proteus.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What loading a state dict did not do; everything else was loaded.
///
/// @param missing names of the module that the state dict lacks
/// @param unexpected names of the state dict that the module lacks
/// @param mismatched names left out because the shapes differ
/// @param stillMeta names of parameters and buffers, also transient ones, that have no data after
///   the load (rule SD-37)
/// @param conflicting names of tied tensors for which the state dict has different values; the last
///   one won (rule SD-35)
public record LoadReport(
    List<String> missing,
    List<String> unexpected,
    List<String> mismatched,
    List<String> stillMeta,
    List<String> conflicting) {
  private static final int COMPARED = 20;

  public LoadReport {
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    mismatched = List.copyOf(mismatched);
    stillMeta = List.copyOf(stillMeta);
    conflicting = List.copyOf(conflicting);
  }

  /// Whether every name of either side was matched by the other.
  public boolean isComplete() {
    return missing.isEmpty() && unexpected.isEmpty() && mismatched.isEmpty();
  }

  /// The missing name that an unexpected one may have been meant for.
  public Optional<String> suggestion(String unexpectedName) {
    return Nearest.of(unexpectedName, missing);
  }

  /// The unexpected names, each with the missing one that it may have been meant for. With more
  /// than a few of them it is not a matter of spelling, and only the first are compared.
  public List<String> unexpectedWithSuggestions() {
    List<String> names = new ArrayList<>();
    for (String name : unexpected) {
      Optional<String> near = names.size() < COMPARED ? suggestion(name) : Optional.empty();
      names.add(near.map(n -> name + " (for " + n + "?)").orElse(name));
    }
    return names;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    append(text, "missing", missing);
    append(text, "unexpected", unexpectedWithSuggestions());
    append(text, "skipped, other shape", mismatched);
    append(text, "still on meta", stillMeta);
    append(text, "different values of one tensor", conflicting);
    return text.isEmpty() ? "all names matched" : text.toString();
  }

  private static void append(StringBuilder text, String what, List<String> names) {
    if (!names.isEmpty()) {
      text.append(text.isEmpty() ? "" : "\n").append(what).append(": ");
      text.append(String.join(", ", names));
    }
  }
}
