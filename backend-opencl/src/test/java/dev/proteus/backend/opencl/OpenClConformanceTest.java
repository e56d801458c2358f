package dev.proteus.backend.opencl;

import dev.proteus.tck.BackendConformance;
import dev.proteus.type.Device;
import org.junit.jupiter.api.BeforeAll;

/// The conformance kit on the first OpenCL device.
final class OpenClConformanceTest extends BackendConformance {
  @BeforeAll
  static void available() {
    WithDevice.check();
  }

  @Override
  protected Device device() {
    return WithDevice.DEVICE;
  }
}
