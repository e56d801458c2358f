package dev.proteus.tensor;

/// Where a call was recorded: its stack trace becomes the cause of what its derivative throws (rule
/// AG-19).
final class Origin extends Exception {
  private static final long serialVersionUID = 1;

  Origin(String operator) {
    super(operator + " was called here");
  }
}
