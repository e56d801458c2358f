package dev.proteus.error;

/// One or more errors in loading a state dict, one line each (category LOAD).
public final class StateDictException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public StateDictException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public StateDictException(String message, Throwable cause) {
    super(message, cause);
  }
}
