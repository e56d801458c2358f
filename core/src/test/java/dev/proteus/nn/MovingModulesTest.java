package dev.proteus.nn;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tck.MovingModules;
import dev.proteus.type.Device;

/// Modules that move between the two reference devices.
final class MovingModulesTest extends MovingModules {
  @Override
  protected Device here() {
    return ReferenceProvider.DEVICE;
  }

  @Override
  protected Device there() {
    return ReferenceProvider.SECOND;
  }
}
