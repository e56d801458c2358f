package dev.proteus.error;

/// An operator that a kind or a backend does not support (category UNSUPPORTED).
public final class UnsupportedOperatorException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public UnsupportedOperatorException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public UnsupportedOperatorException(String message, Throwable cause) {
    super(message, cause);
  }
}
