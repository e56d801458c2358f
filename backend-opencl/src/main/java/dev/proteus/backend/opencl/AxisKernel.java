package dev.proteus.backend.opencl;

import dev.proteus.codegen.LineKernel;
import dev.proteus.op.ArgMax;
import dev.proteus.op.CumSum;
import dev.proteus.op.Cumulate;
import dev.proteus.op.LogSoftmax;
import dev.proteus.op.LogSoftmaxBackward;
import dev.proteus.op.Reduce;
import dev.proteus.op.Softmax;
import dev.proteus.op.SoftmaxBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Operators along any axis in one launch, by one text for rows and one for columns: softmax and
/// its logarithm, their gradients, [ArgMax], [CumSum] and [Cumulate].
///
/// @param backend of the device
/// @param lines the lines along the axis
/// @param rows the kernel for lines that are rows
/// @param columns the kernel for lines that lie across
record AxisKernel(OpenClBackend backend, Lines lines, LineKernel rows, LineKernel columns) {
  // ---- softmax

  static Optional<Kernel> softmax(OpenClBackend backend, Softmax op, List<TensorSpec> inputs) {
    return wide(backend, op.axis(), inputs, LineKernel.SOFTMAX, LineKernel.SOFTMAX_COLUMNS);
  }

  static Optional<Kernel> logSoftmax(
      OpenClBackend backend, LogSoftmax op, List<TensorSpec> inputs) {
    return wide(backend, op.axis(), inputs, LineKernel.LOG_SOFTMAX, LineKernel.LOG_SOFTMAX_COLUMNS);
  }

  static Optional<Kernel> softmaxBackward(
      OpenClBackend backend, SoftmaxBackward op, List<TensorSpec> inputs) {
    return wide(
        backend,
        op.axis(),
        inputs,
        LineKernel.SOFTMAX_BACKWARD,
        LineKernel.SOFTMAX_BACKWARD_COLUMNS);
  }

  static Optional<Kernel> logSoftmaxBackward(
      OpenClBackend backend, LogSoftmaxBackward op, List<TensorSpec> inputs) {
    return wide(
        backend,
        op.axis(),
        inputs,
        LineKernel.LOG_SOFTMAX_BACKWARD,
        LineKernel.LOG_SOFTMAX_BACKWARD_COLUMNS);
  }

  // ---- places

  static Optional<Kernel> argmax(OpenClBackend backend, ArgMax op, List<TensorSpec> inputs) {
    if (Lines.of(inputs.getFirst().shape(), op.axis()).length() > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return op.kind() == Reduce.Kind.MAX
        ? wide(backend, op.axis(), inputs, LineKernel.ARGMAX, LineKernel.ARGMAX_COLUMNS)
        : wide(backend, op.axis(), inputs, LineKernel.ARGMIN, LineKernel.ARGMIN_COLUMNS);
  }

  // ---- running values

  static Optional<Kernel> cumSum(OpenClBackend backend, CumSum op, List<TensorSpec> inputs) {
    return switch (op.direction()) {
      case FORWARD ->
          running(backend, op.axis(), inputs, LineKernel.CUMSUM, LineKernel.CUMSUM_COLUMNS);
      case BACKWARD ->
          running(
              backend,
              op.axis(),
              inputs,
              LineKernel.CUMSUM_FROM_END,
              LineKernel.CUMSUM_FROM_END_COLUMNS);
    };
  }

  /// `logcumsumexp` is left to the definition.
  static Optional<Kernel> cumulate(OpenClBackend backend, Cumulate op, List<TensorSpec> inputs) {
    int axis = op.axis();
    return switch (op.kind()) {
      case PROD -> running(backend, axis, inputs, LineKernel.CUMPROD, LineKernel.CUMPROD_COLUMNS);
      case MAX -> running(backend, axis, inputs, LineKernel.CUMMAX, LineKernel.CUMMAX_COLUMNS);
      case MIN -> running(backend, axis, inputs, LineKernel.CUMMIN, LineKernel.CUMMIN_COLUMNS);
      case LOGSUMEXP -> Optional.empty();
    };
  }

  /// The definition goes over all elements again and again, which only pays where most of a device
  /// of many items would wait otherwise.
  private static Optional<Kernel> running(
      OpenClBackend backend,
      int axis,
      List<TensorSpec> inputs,
      LineKernel rows,
      LineKernel columns) {
    return switch (backend.programs().loops()) {
      case CHUNKS -> {
        Lines lines = Lines.of(inputs.getFirst().shape(), axis);
        yield lines.areEmpty()
            ? Optional.empty()
            : Optional.of(new AxisKernel(backend, lines, rows, columns).kernel());
      }
      case STRIPES -> wide(backend, axis, inputs, rows, columns);
    };
  }

  /// The kernel where there are enough lines for all teams.
  private static Optional<Kernel> wide(
      OpenClBackend backend,
      int axis,
      List<TensorSpec> inputs,
      LineKernel rows,
      LineKernel columns) {
    Lines lines = Lines.of(inputs.getFirst().shape(), axis);
    return lines.areEmpty() || lines.areFewAndLong()
        ? Optional.empty()
        : Optional.of(new AxisKernel(backend, lines, rows, columns).kernel());
  }

  private Kernel kernel() {
    return Dense.of(backend, this::run);
  }

  private void run(List<Operand> in, List<Operand> out) {
    List<Operand> operands = new ArrayList<>(in);
    operands.addAll(out);
    if (lines.areRows()) {
      LineLaunch.of(backend, rows, in.getFirst().dtype()).rows(operands, lines);
    } else {
      LineLaunch.of(backend, columns, in.getFirst().dtype()).columns(operands, lines);
    }
  }
}
