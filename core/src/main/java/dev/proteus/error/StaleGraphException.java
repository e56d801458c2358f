package dev.proteus.error;

/// A derivative graph whose tensors were changed or swapped since it was recorded (category STALE).
public final class StaleGraphException extends AutogradException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public StaleGraphException(String message) {
    super(message);
  }
}
