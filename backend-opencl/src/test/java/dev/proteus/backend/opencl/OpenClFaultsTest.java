package dev.proteus.backend.opencl;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tck.FailingAllocations;
import org.junit.jupiter.api.BeforeAll;

/// What is converted and loaded on the first OpenCL device while memory runs out.
final class OpenClFaultsTest extends FailingAllocations {
  @BeforeAll
  static void available() {
    WithDevice.failing();
  }

  OpenClFaultsTest() {
    super(WithDevice.DEVICE, ReferenceProvider.DEVICE);
  }
}
