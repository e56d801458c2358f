package dev.proteus.error;

/// A device that does nothing any more: it was unplugged, or a kernel brought its driver down. All
/// later calls on it fail with this, too; the cause is the first failure.
public final class DeviceLostException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, the device, what it was to do, and the driver's code
  public DeviceLostException(String message) {
    super(message);
  }

  /// @param message the operator, the device, what it was to do, and the driver's code
  /// @param cause what was thrown beneath
  public DeviceLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
