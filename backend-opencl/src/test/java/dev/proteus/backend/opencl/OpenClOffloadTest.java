package dev.proteus.backend.opencl;

import dev.proteus.tck.Offloading;
import dev.proteus.type.Device;
import org.junit.jupiter.api.BeforeAll;

/// Models of the CPU that are computed on the first OpenCL device.
final class OpenClOffloadTest extends Offloading {
  @BeforeAll
  static void available() {
    WithDevice.check();
  }

  @Override
  protected Device there() {
    return WithDevice.DEVICE;
  }
}
