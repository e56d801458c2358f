package dev.proteus.backend.opencl;

import static org.junit.jupiter.api.Assertions.fail;

import dev.proteus.reference.Faults;
import dev.proteus.spi.BackendProvider.Availability;
import dev.proteus.spi.Backends;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;

/// The device that tests use: the first one. Where there is none, tests are left out with the
/// reason; with `-Dproteus.require=opencl` they fail.
final class WithDevice {
  static final Device DEVICE = Device.parse("opencl:0");

  private static final List<String> REQUIRED =
      Arrays.asList(System.getProperty("proteus.require", "").split(","));

  private WithDevice() {}

  /// Checks that there is the device, whose allocations fail from now on when [Faults] says so.
  static void failing() {
    check();
    checkComputes(DType.FLOAT64);
    backend().beforeAllocation(Faults::atAllocation);
  }

  /// Leaves a test out where the device has no such type.
  static void checkComputes(DType dtype) {
    Assumptions.assumeTrue(backend().computes(dtype), () -> DEVICE + " has no " + dtype);
  }

  static OpenClBackend backend() {
    return (OpenClBackend) Backends.of(DEVICE);
  }

  static void check() {
    switch (new OpenClProvider().availability()) {
      case Availability.Available _ -> {}
      case Availability.Unavailable(String reason) -> leaveOut("opencl", reason);
    }
  }

  /// Checks that there are two devices; with `-Dproteus.require=platforms` there must be.
  static void checkTwo() {
    check();
    int devices = new OpenClProvider().describe().size();
    if (devices < 2) {
      leaveOut("platforms", "there is one OpenCL device; this is about two");
    }
  }

  private static void leaveOut(String required, String reason) {
    if (REQUIRED.contains(required)) {
      fail(reason);
    }
    throw new TestAbortedException(reason);
  }
}
