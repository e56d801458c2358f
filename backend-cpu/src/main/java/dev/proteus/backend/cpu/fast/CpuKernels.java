package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.op.Cat;
import dev.proteus.op.Conv;
import dev.proteus.op.ConvTranspose;
import dev.proteus.op.ConvWeight;
import dev.proteus.op.Linear;
import dev.proteus.op.MatMul;
import dev.proteus.op.Place;
import dev.proteus.spi.FastKernels;

/// What the CPU does faster than by definition: one line per kernel.
public final class CpuKernels {
  /// The table.
  public static final FastKernels<CpuBackend> TABLE =
      FastKernels.<CpuBackend>none()
          .composite(MatMul.class, MatMulKernel::make)
          .composite(Linear.class, LinearKernel::make)
          .composite(Conv.class, ConvKernel::make)
          .composite(ConvTranspose.class, ConvTransposeKernel::make)
          .composite(ConvWeight.class, ConvWeightKernel::make)
          .composite(Place.class, PlaceKernel::make)
          .composite(Cat.class, CatKernel::make);

  private CpuKernels() {}
}
