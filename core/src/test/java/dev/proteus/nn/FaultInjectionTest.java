package dev.proteus.nn;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tck.FailingAllocations;

/// Allocations that fail between the two reference devices.
final class FaultInjectionTest extends FailingAllocations {
  FaultInjectionTest() {
    super(ReferenceProvider.DEVICE, ReferenceProvider.SECOND);
  }
}
