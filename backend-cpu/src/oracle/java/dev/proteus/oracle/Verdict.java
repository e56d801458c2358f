package dev.proteus.oracle;

/// What came out of a case.
sealed interface Verdict {
  /// Both sides have the same results.
  record Agreed() implements Verdict {}

  /// Both sides refuse the call.
  record Refused() implements Verdict {}

  /// PyTorch has nothing to compare with.
  record Unanswered(String message) implements Verdict {}

  /// Proteus differs on purpose, or may.
  ///
  /// @param shows whether this case shows the difference
  record Declared(Rule.Difference difference, boolean shows) implements Verdict {}

  /// A mistake: of Proteus, or of the rule.
  ///
  /// @param kind what does not agree, in a word; a smaller case must fail in the same way
  /// @param how what does not agree, in a sentence
  record Differs(String kind, String how) implements Verdict {}
}
