package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.error.ReleasedException;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Storage;
import dev.proteus.type.Device;

/// Bytes at the beginning of a buffer that is lent by [DeviceMemory].
final class OpenClStorage implements Storage {
  private final Device device;
  private final long bytes;
  private final Loan loan;

  /// A buffer on loan; giving it back twice gives it back once.
  interface Loan {
    Buffer buffer();

    boolean isGivenBack();

    void giveBack();
  }

  OpenClStorage(Device device, long bytes, Loan loan) {
    this.device = device;
    this.bytes = bytes;
    this.loan = loan;
  }

  /// The buffer of an operand of this backend.
  ///
  /// @throws ReleasedException if it has been given back
  static Buffer buffer(Operand operand) {
    return of(operand.storage()).buffer();
  }

  static OpenClStorage of(Storage storage) {
    if (storage instanceof OpenClStorage own) {
      return own;
    }
    throw new IllegalArgumentException(
        "opencl: a storage of device " + storage.device() + " came to an OpenCL kernel");
  }

  Buffer buffer() {
    if (isReleased()) {
      throw new ReleasedException(
          device + ": a storage of " + bytes + " bytes is used after its release");
    }
    return loan.buffer();
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void release() {
    loan.giveBack();
  }

  @Override
  public boolean isReleased() {
    return loan.isGivenBack();
  }
}
