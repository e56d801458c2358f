package dev.proteus.oracle;

import java.util.List;

/// How a call ended on one side.
sealed interface Outcome {
  /// With results.
  record Results(List<Elements> all) implements Outcome {
    public Results {
      all = List.copyOf(all);
    }
  }

  /// With an error that says what is wrong with the call.
  record Refusal(String message) implements Outcome {}

  /// With an error that a caller must never see.
  record Breakdown(String message) implements Outcome {}

  /// The oracle cannot do this at all, whatever the arguments.
  record Lacking(String message) implements Outcome {}
}
