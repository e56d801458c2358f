package dev.proteus.backend.cpu;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tck.MovingModules;
import dev.proteus.type.Device;

/// Modules that move between the CPU and the reference device.
final class MovingModulesTest extends MovingModules {
  @Override
  protected Device here() {
    return Device.CPU;
  }

  @Override
  protected Device there() {
    return ReferenceProvider.DEVICE;
  }
}
