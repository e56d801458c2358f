package dev.proteus.backend.cpu;

import dev.proteus.tck.BackendConformance;
import dev.proteus.type.Device;

/// The conformance kit on the CPU; with the Vector API or without it, as the test run says.
final class CpuConformanceTest extends BackendConformance {
  @Override
  protected Device device() {
    return Device.CPU;
  }
}
