package dev.proteus.tck;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.type.Device;

/// The reference backend: arrangements against row-major, types against float64, derivatives
/// against differences.
final class ReferenceConformanceTest extends BackendConformance {
  @Override
  protected Device device() {
    return ReferenceProvider.DEVICE;
  }
}
