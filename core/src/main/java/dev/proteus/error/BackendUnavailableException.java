package dev.proteus.error;

/// A device whose backend is missing or not available, with the reason (rule TO-5).
public final class BackendUnavailableException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public BackendUnavailableException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
