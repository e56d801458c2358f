package dev.proteus.error;

/// Anything the engine refuses or fails at; every message starts with the operator's name.
public class TensorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public TensorException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public TensorException(String message, Throwable cause) {
    super(message, cause);
  }
}
