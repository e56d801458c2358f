package dev.proteus.error;

/// A misuse of automatic differentiation (category AUTOGRAD of the rules).
public sealed class AutogradException extends TensorException permits StaleGraphException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public AutogradException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath, or where the call was made
  public AutogradException(String message, Throwable cause) {
    super(message, cause);
  }
}
