package dev.proteus.error;

/// A call of a device's driver that failed for a reason of its own, such as a kernel that it does
/// not compile. The device goes on.
public final class DeviceException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, the device, what it was to do, and the driver's code
  public DeviceException(String message) {
    super(message);
  }

  /// @param message the operator, the device, what it was to do, and the driver's code
  /// @param cause what was thrown beneath
  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
