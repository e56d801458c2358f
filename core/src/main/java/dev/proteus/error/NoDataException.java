package dev.proteus.error;

/// A value was asked of a tensor that has none, such as one on the meta device (category META).
public final class NoDataException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public NoDataException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public NoDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
