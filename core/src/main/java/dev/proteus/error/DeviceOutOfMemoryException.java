package dev.proteus.error;

/// Memory of a device that ran out even after a collection and a second try (category OOM).
public final class DeviceOutOfMemoryException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public DeviceOutOfMemoryException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public DeviceOutOfMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
