package dev.proteus.backend.opencl;

import dev.proteus.spi.FastKernels;

/// What OpenCL devices do faster than by definition: one line per kernel.
final class OpenClKernels {
  /// The table.
  static final FastKernels<OpenClBackend> TABLE = FastKernels.none();

  private OpenClKernels() {}
}
