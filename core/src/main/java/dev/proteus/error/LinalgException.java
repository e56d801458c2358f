package dev.proteus.error;

/// A matrix whose values an algorithm cannot work with: singular, not positive definite, or without
/// convergence.
public final class LinalgException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public LinalgException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public LinalgException(String message, Throwable cause) {
    super(message, cause);
  }
}
