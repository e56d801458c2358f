package dev.proteus.backend.cpu;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tck.Offloading;
import dev.proteus.type.Device;

/// Models of the CPU that are computed on the reference device.
final class OffloadTest extends Offloading {
  @Override
  protected Device there() {
    return ReferenceProvider.DEVICE;
  }
}
