package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.spi.FastKernels;

/// What the CPU does faster than by definition: one line per kernel.
public final class CpuKernels {
  /// The table.
  public static final FastKernels<CpuBackend> TABLE = FastKernels.none();

  private CpuKernels() {}
}
