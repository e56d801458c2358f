package dev.proteus.backend.opencl;

import dev.proteus.codegen.LineKernel;
import dev.proteus.op.LogSoftmax;
import dev.proteus.op.LogSoftmaxBackward;
import dev.proteus.op.Softmax;
import dev.proteus.op.SoftmaxBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// [Softmax], [LogSoftmax] and their gradients along any axis.
final class SoftmaxKernel {
  private SoftmaxKernel() {}

  static Optional<Kernel> softmax(OpenClBackend backend, Softmax op, List<TensorSpec> inputs) {
    return kernel(backend, op.axis(), inputs, LineKernel.SOFTMAX, LineKernel.SOFTMAX_COLUMNS);
  }

  static Optional<Kernel> logSoftmax(
      OpenClBackend backend, LogSoftmax op, List<TensorSpec> inputs) {
    return kernel(
        backend, op.axis(), inputs, LineKernel.LOG_SOFTMAX, LineKernel.LOG_SOFTMAX_COLUMNS);
  }

  static Optional<Kernel> softmaxBackward(
      OpenClBackend backend, SoftmaxBackward op, List<TensorSpec> inputs) {
    return kernel(
        backend,
        op.axis(),
        inputs,
        LineKernel.SOFTMAX_BACKWARD,
        LineKernel.SOFTMAX_BACKWARD_COLUMNS);
  }

  static Optional<Kernel> logSoftmaxBackward(
      OpenClBackend backend, LogSoftmaxBackward op, List<TensorSpec> inputs) {
    return kernel(
        backend,
        op.axis(),
        inputs,
        LineKernel.LOG_SOFTMAX_BACKWARD,
        LineKernel.LOG_SOFTMAX_BACKWARD_COLUMNS);
  }

  private static Optional<Kernel> kernel(
      OpenClBackend backend,
      int axis,
      List<TensorSpec> inputs,
      LineKernel rows,
      LineKernel columns) {
    TensorSpec x = inputs.getFirst();
    Lines lines = Lines.of(x.shape(), axis);
    if (lines.areEmpty() || lines.areFewAndLong()) {
      return Optional.empty();
    }
    return Optional.of(
        Dense.of(
            backend,
            (in, out) -> {
              List<Operand> operands = new ArrayList<>(in);
              operands.addAll(out);
              if (lines.areRows()) {
                LineLaunch.of(backend, rows, x.dtype()).rows(operands, lines);
              } else {
                LineLaunch.of(backend, columns, x.dtype()).columns(operands, lines);
              }
            }));
  }
}
