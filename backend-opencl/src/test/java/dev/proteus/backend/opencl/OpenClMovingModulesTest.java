package dev.proteus.backend.opencl;

import dev.proteus.tck.MovingModules;
import dev.proteus.type.Device;
import org.junit.jupiter.api.BeforeAll;

/// Modules that move between the CPU and the first OpenCL device.
final class OpenClMovingModulesTest extends MovingModules {
  @BeforeAll
  static void available() {
    WithDevice.check();
  }

  @Override
  protected Device here() {
    return Device.CPU;
  }

  @Override
  protected Device there() {
    return WithDevice.DEVICE;
  }
}
