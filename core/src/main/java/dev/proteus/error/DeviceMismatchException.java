package dev.proteus.error;

/// Operands that live on different devices (category DEVICE of the rules).
public final class DeviceMismatchException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public DeviceMismatchException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public DeviceMismatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
