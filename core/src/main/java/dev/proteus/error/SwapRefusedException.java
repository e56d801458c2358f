package dev.proteus.error;

/// A swap that cannot be made; nothing was changed (category SWAP).
public final class SwapRefusedException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public SwapRefusedException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public SwapRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
