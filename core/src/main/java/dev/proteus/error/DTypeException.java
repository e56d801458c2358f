package dev.proteus.error;

/// Element types that do not fit the operator (category DTYPE of the rules).
public final class DTypeException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public DTypeException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public DTypeException(String message, Throwable cause) {
    super(message, cause);
  }
}
