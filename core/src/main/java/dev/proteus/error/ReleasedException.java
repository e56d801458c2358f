package dev.proteus.error;

/// A tensor used after the memory scope that owned its storage ended.
public final class ReleasedException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public ReleasedException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public ReleasedException(String message, Throwable cause) {
    super(message, cause);
  }
}
