package dev.proteus.backend.opencl;

import dev.proteus.codegen.LineKernel;
import dev.proteus.codegen.Target;
import dev.proteus.op.CumSum;
import dev.proteus.op.Cumulate;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [CumSum] and [Cumulate] in one pass along any axis; `logcumsumexp` is left to the definition.
final class ScanKernel {
  private ScanKernel() {}

  static Optional<Kernel> cumSum(OpenClBackend backend, CumSum op, List<TensorSpec> inputs) {
    return switch (op.direction()) {
      case FORWARD ->
          kernel(backend, op.axis(), inputs, LineKernel.CUMSUM, LineKernel.CUMSUM_COLUMNS);
      case BACKWARD ->
          kernel(
              backend,
              op.axis(),
              inputs,
              LineKernel.CUMSUM_FROM_END,
              LineKernel.CUMSUM_FROM_END_COLUMNS);
    };
  }

  static Optional<Kernel> cumulate(OpenClBackend backend, Cumulate op, List<TensorSpec> inputs) {
    int axis = op.axis();
    return switch (op.kind()) {
      case PROD -> kernel(backend, axis, inputs, LineKernel.CUMPROD, LineKernel.CUMPROD_COLUMNS);
      case MAX -> kernel(backend, axis, inputs, LineKernel.CUMMAX, LineKernel.CUMMAX_COLUMNS);
      case MIN -> kernel(backend, axis, inputs, LineKernel.CUMMIN, LineKernel.CUMMIN_COLUMNS);
      case LOGSUMEXP -> Optional.empty();
    };
  }

  private static Optional<Kernel> kernel(
      OpenClBackend backend,
      int axis,
      List<TensorSpec> inputs,
      LineKernel rows,
      LineKernel columns) {
    TensorSpec x = inputs.getFirst();
    Lines lines = Lines.of(x.shape(), axis);
    if (lines.areEmpty() || !pays(backend.programs().loops(), lines)) {
      return Optional.empty();
    }
    return Optional.of(
        Dense.of(
            backend,
            (in, out) -> {
              List<Operand> operands = List.of(in.getFirst(), out.getFirst());
              if (lines.areRows()) {
                LineLaunch.of(backend, rows, x.dtype()).rows(operands, lines);
              } else {
                LineLaunch.of(backend, columns, x.dtype()).columns(operands, lines);
              }
            }));
  }

  /// The definition goes over all elements again and again, which only pays where most of the
  /// device would wait otherwise.
  private static boolean pays(Target.Loops loops, Lines lines) {
    return switch (loops) {
      case CHUNKS -> true;
      case STRIPES -> !lines.areFewAndLong();
    };
  }
}
