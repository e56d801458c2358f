package dev.proteus.backend.opencl;

import dev.proteus.op.Conv;
import dev.proteus.op.ConvTranspose;
import dev.proteus.op.ConvWeight;
import dev.proteus.op.Linear;
import dev.proteus.op.MatMul;
import dev.proteus.spi.FastKernels;

/// What OpenCL devices do faster than by definition: one line per kernel.
final class OpenClKernels {
  /// The table.
  static final FastKernels<OpenClBackend> TABLE =
      FastKernels.<OpenClBackend>none()
          .composite(MatMul.class, MatMulKernel::matMul)
          .composite(Linear.class, MatMulKernel::linear)
          .composite(Conv.class, ConvKernel::conv)
          .composite(ConvTranspose.class, ConvKernel::transpose)
          .composite(ConvWeight.class, ConvWeightKernel::make);

  private OpenClKernels() {}
}
