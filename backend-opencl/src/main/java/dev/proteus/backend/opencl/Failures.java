package dev.proteus.backend.opencl;

import dev.proteus.error.DeviceException;
import dev.proteus.error.DeviceLostException;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.error.TensorException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What failed calls of one device's driver mean: that there is no more memory, that the device is
/// lost, or that it did not like this call.
final class Failures {
  /// What a call does; the same code means something else where commands are waited for, for it may
  /// be any command's.
  enum Deed {
    /// Asks for something that is there when it returns.
    MAKE,
    /// Gives a command.
    QUEUE,
    /// Gives a command and waits for all.
    WAIT
  }

  private static final int MEM_OBJECT_ALLOCATION_FAILURE = -4;
  private static final int OUT_OF_RESOURCES = -5;
  private static final int OUT_OF_HOST_MEMORY = -6;

  /// `CL_DEVICE_NOT_AVAILABLE`, and that the driver does not know a device, a context or a queue
  /// which it made.
  private static final Set<Integer> LOST = Set.of(-2, -33, -34, -36);

  /// What waiting says of a command that failed: `CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST`,
  /// and Nvidia's code for a kernel that left its buffers.
  private static final Set<Integer> FAILED = Set.of(OUT_OF_RESOURCES, -14, -9999);

  private final String device;
  private final AtomicReference<@Nullable DeviceLostException> lost = new AtomicReference<>();

  /// @param device what messages call it
  Failures(String device) {
    this.device = device;
  }

  /// @throws DeviceLostException if the device is lost
  void check(String what) {
    DeviceLostException first = lost.get();
    if (first != null) {
      throw new DeviceLostException(
          "%s: %s is not possible: the device is lost since %s"
              .formatted(device, what, first.getMessage()),
          first);
    }
  }

  boolean isLost() {
    return lost.get() != null;
  }

  /// Whether a call may work once memory was given back.
  static boolean isShortage(Deed deed, int status) {
    return status == MEM_OBJECT_ALLOCATION_FAILURE
        || status == OUT_OF_HOST_MEMORY
        || (status == OUT_OF_RESOURCES && deed != Deed.WAIT);
  }

  private static boolean isLoss(Deed deed, int status) {
    return LOST.contains(status) || (deed == Deed.WAIT && FAILED.contains(status));
  }

  /// The error of a call.
  ///
  /// @param what was to be done, such as `copy to the device`
  /// @param code the name of `status`
  /// @param log what else the driver says
  TensorException of(Deed deed, String what, int status, String code, String log, Throwable cause) {
    String message =
        "%s: %s failed: %s (%s)%s"
            .formatted(device, what, code, status, log.isEmpty() ? "" : "\n" + log);
    if (isLoss(deed, status)) {
      DeviceLostException loss = new DeviceLostException(message, cause);
      lost.compareAndSet(null, loss);
      return loss;
    }
    boolean isMemory = status != OUT_OF_RESOURCES || deed == Deed.MAKE;
    return isShortage(deed, status) && isMemory
        ? new DeviceOutOfMemoryException(message, cause)
        : new DeviceException(message, cause);
  }

  /// The same error in a call of an operator.
  static TensorException in(String operator, TensorException error) {
    String message = operator + ": " + error.getMessage();
    if (error instanceof DeviceLostException) {
      return new DeviceLostException(message, error);
    }
    if (error instanceof DeviceException) {
      return new DeviceException(message, error);
    }
    if (error instanceof DeviceOutOfMemoryException) {
      return new DeviceOutOfMemoryException(message, error);
    }
    return error;
  }
}
