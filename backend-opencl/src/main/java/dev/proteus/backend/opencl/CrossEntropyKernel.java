package dev.proteus.backend.opencl;

import dev.proteus.codegen.LineKernel;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.CrossEntropyBackward;
import dev.proteus.op.Gather;
import dev.proteus.op.Reduction;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// [CrossEntropy] and its gradient, row by row of logits. Logits with more axes are left to the
/// definition, which takes their softmax down columns.
///
/// @param backend of the device
/// @param op the loss
/// @param rows the logits of each target
/// @param weighted whether classes have weights
record CrossEntropyKernel(OpenClBackend backend, CrossEntropy op, Lines rows, boolean weighted) {

  static Optional<Kernel> forward(OpenClBackend backend, CrossEntropy op, List<TensorSpec> inputs) {
    return of(backend, op, inputs)
        .map(kernel -> Dense.of(backend, (in, out) -> kernel.losses(in, out.getFirst())));
  }

  static Optional<Kernel> backward(
      OpenClBackend backend, CrossEntropyBackward op, List<TensorSpec> inputs) {
    return of(backend, op.loss(), inputs.subList(1, inputs.size()))
        .map(kernel -> Dense.of(backend, (in, out) -> kernel.gradient(in, out.getFirst())));
  }

  private static Optional<CrossEntropyKernel> of(
      OpenClBackend backend, CrossEntropy op, List<TensorSpec> inputs) {
    Lines rows = Lines.of(inputs.getFirst().shape(), 1);
    return !rows.areRows() || rows.areEmpty() || rows.areFewAndLong()
        ? Optional.empty()
        : Optional.of(new CrossEntropyKernel(backend, op, rows, inputs.size() > 2));
  }

  /// What kernels take for the weights of classes.
  private Operand weight(List<Operand> logits) {
    return logits.get(weighted ? 2 : 0);
  }

  /// The error is that of the definition, which gathers.
  private void check(List<Operand> logits) {
    IndexedKernel.check(
        backend,
        new Gather(1).name(),
        1,
        logits.getFirst().shape(),
        logits.get(1),
        OptionalLong.of(op.ignoreIndex()));
  }

  private long smoothing(DType dtype) {
    return Words.bits(dtype, Scalar.of(op.labelSmoothing()));
  }

  private LineKernel chosen(
      LineKernel plain, LineKernel ofWeight, LineKernel smooth, LineKernel both) {
    return op.labelSmoothing() == 0 ? weighted ? ofWeight : plain : weighted ? both : smooth;
  }

  private void losses(List<Operand> in, Operand out) {
    check(in);
    DType dtype = in.getFirst().dtype();
    try (Scratch scratch = new Scratch(backend)) {
      boolean direct = op.reduction() == Reduction.NONE && !dtype.isHalf();
      Operand losses = direct ? out : scratch.of(dtype.accumulator(), rows.count());
      LineKernel kernel =
          chosen(
              LineKernel.CROSS_ENTROPY,
              LineKernel.CROSS_ENTROPY_WEIGHT,
              LineKernel.CROSS_ENTROPY_SMOOTH,
              LineKernel.CROSS_ENTROPY_WEIGHT_SMOOTH);
      LineLaunch.of(backend, kernel, dtype)
          .teams(
              List.of(in.get(0), in.get(1), weight(in), losses),
              rows.count(),
              rows.numel(),
              rows.count(),
              rows.length(),
              op.ignoreIndex(),
              smoothing(dtype));
      if (!direct) {
        reduce(in, losses, out);
      }
    }
  }

  private void reduce(List<Operand> in, Operand losses, Operand out) {
    switch (op.reduction()) {
      case NONE -> backend.copy(losses, out.withLayout(flat(out)));
      case SUM, MEAN -> {
        LineKernel kernel =
            weighted ? LineKernel.CROSS_ENTROPY_WEIGHT_TOTAL : LineKernel.CROSS_ENTROPY_TOTAL;
        LineLaunch.of(backend, kernel, out.dtype())
            .teams(
                List.of(losses, in.get(1), weight(in), out),
                1,
                rows.count(),
                rows.count(),
                op.reduction() == Reduction.MEAN ? 1 : 0,
                op.ignoreIndex());
      }
    }
  }

  private static Layout flat(Operand dense) {
    return dense.layout().reshape(Shape.of(dense.layout().numel())).orElseThrow();
  }

  private void gradient(List<Operand> in, Operand gx) {
    List<Operand> logits = in.subList(1, in.size());
    check(logits);
    DType dtype = gx.dtype();
    try (Scratch scratch = new Scratch(backend)) {
      Operand count = scratch.of(dtype.accumulator(), 1);
      if (op.reduction() == Reduction.MEAN) {
        LineKernel counting =
            weighted ? LineKernel.CROSS_ENTROPY_WEIGHT_COUNT : LineKernel.CROSS_ENTROPY_COUNT;
        LineLaunch.of(backend, counting, dtype)
            .teams(
                List.of(logits.get(1), weight(logits), count),
                1,
                rows.count(),
                rows.count(),
                op.ignoreIndex());
      }
      LineKernel kernel =
          chosen(
              LineKernel.CROSS_ENTROPY_BACKWARD,
              LineKernel.CROSS_ENTROPY_WEIGHT_BACKWARD,
              LineKernel.CROSS_ENTROPY_SMOOTH_BACKWARD,
              LineKernel.CROSS_ENTROPY_WEIGHT_SMOOTH_BACKWARD);
      LineLaunch.of(backend, kernel, dtype)
          .teams(
              List.of(in.getFirst(), logits.get(0), logits.get(1), weight(logits), count, gx),
              rows.count(),
              rows.numel(),
              rows.count(),
              rows.length(),
              op.ignoreIndex(),
              smoothing(dtype),
              op.reduction() == Reduction.NONE ? 1 : 0,
              op.reduction() == Reduction.MEAN ? 1 : 0);
    }
  }
}
