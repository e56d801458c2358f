package dev.proteus.backend.opencl;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tck.FailingAllocations;
import org.junit.jupiter.api.BeforeAll;

/// What moves from the host to the first OpenCL device while memory runs out.
final class OpenClMoveFaultsTest extends FailingAllocations {
  @BeforeAll
  static void available() {
    WithDevice.failing();
  }

  OpenClMoveFaultsTest() {
    super(ReferenceProvider.DEVICE, WithDevice.DEVICE);
  }
}
