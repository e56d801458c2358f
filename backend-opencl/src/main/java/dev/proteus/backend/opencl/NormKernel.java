package dev.proteus.backend.opencl;

import dev.proteus.codegen.LineKernel;
import dev.proteus.op.GroupNorm;
import dev.proteus.op.LayerNorm;
import dev.proteus.op.LayerNormBackward;
import dev.proteus.op.RmsNorm;
import dev.proteus.op.RmsNormBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [LayerNorm], [RmsNorm] and their gradients, and [GroupNorm], row by row.
final class NormKernel {
  /// Elements of a part whose rows add to the gradients of weight and bias in turn.
  private static final long PART = 1 << 14;

  /// Parts of which there are at most so many.
  private static final long PARTS = 128;

  private NormKernel() {}

  static Optional<Kernel> layerNorm(OpenClBackend backend, LayerNorm op, List<TensorSpec> inputs) {
    LineKernel kernel =
        switch (inputs.size()) {
          case 1 -> LineKernel.LAYER_NORM;
          case 2 -> LineKernel.LAYER_NORM_WEIGHT;
          default -> LineKernel.LAYER_NORM_BIAS;
        };
    return forward(backend, kernel, Lines.last(shape(inputs, 0), op.axes()), op.eps());
  }

  static Optional<Kernel> rmsNorm(OpenClBackend backend, RmsNorm op, List<TensorSpec> inputs) {
    LineKernel kernel = inputs.size() == 1 ? LineKernel.RMS_NORM : LineKernel.RMS_NORM_WEIGHT;
    return forward(backend, kernel, Lines.last(shape(inputs, 0), op.axes()), op.eps());
  }

  static Optional<Kernel> layerNormBackward(
      OpenClBackend backend, LayerNormBackward op, List<TensorSpec> inputs) {
    LineKernel kernel =
        inputs.size() < 3 ? LineKernel.LAYER_NORM_BACKWARD : LineKernel.LAYER_NORM_WEIGHT_BACKWARD;
    return backward(backend, kernel, Lines.last(shape(inputs, 1), op.axes()), op.eps());
  }

  static Optional<Kernel> rmsNormBackward(
      OpenClBackend backend, RmsNormBackward op, List<TensorSpec> inputs) {
    LineKernel kernel =
        inputs.size() < 3 ? LineKernel.RMS_NORM_BACKWARD : LineKernel.RMS_NORM_WEIGHT_BACKWARD;
    return backward(backend, kernel, Lines.last(shape(inputs, 1), op.axes()), op.eps());
  }

  static Optional<Kernel> groupNorm(OpenClBackend backend, GroupNorm op, List<TensorSpec> inputs) {
    Shape shape = shape(inputs, 0);
    if (shape.numel() == 0) {
      return Optional.empty();
    }
    LineKernel kernel =
        switch (inputs.size()) {
          case 1 -> LineKernel.GROUP_NORM;
          case 2 -> LineKernel.GROUP_NORM_WEIGHT;
          default -> LineKernel.GROUP_NORM_BIAS;
        };
    long channels = shape.size(1) / op.groups();
    long size = shape.slice(2, shape.rank()).numel();
    Lines groups = new Lines(shape.size(0) * op.groups(), channels * size, 1);
    return forward(backend, kernel, groups, op.eps(), op.groups(), channels, size);
  }

  private static Shape shape(List<TensorSpec> inputs, int i) {
    return inputs.get(i).shape();
  }

  private static boolean accepts(Lines rows) {
    return !rows.areEmpty() && !rows.areFewAndLong();
  }

  /// @param own more numbers of the kernel, behind those of the rows and eps
  private static Optional<Kernel> forward(
      OpenClBackend backend, LineKernel kernel, Lines rows, double eps, long... own) {
    if (!accepts(rows)) {
      return Optional.empty();
    }
    return Optional.of(
        Dense.of(
            backend,
            (in, out) -> {
              Operand x = in.getFirst();
              long[] numbers = new long[3 + own.length];
              numbers[0] = rows.count();
              numbers[1] = rows.length();
              numbers[2] = Words.bits(x.dtype(), Scalar.of(eps));
              System.arraycopy(own, 0, numbers, 3, own.length);
              List<Operand> operands =
                  List.of(x, orElse(in, 1, x), orElse(in, 2, x), out.getFirst());
              LineLaunch.of(backend, kernel, x.dtype())
                  .teams(operands, rows.count(), rows.numel(), numbers);
            }));
  }

  /// Operand `i`, or what takes the place of one that is absent.
  private static Operand orElse(List<Operand> operands, int i, Operand other) {
    return i < operands.size() ? operands.get(i) : other;
  }

  private static Optional<Kernel> backward(
      OpenClBackend backend, LineKernel kernel, Lines rows, double eps) {
    if (!accepts(rows)) {
      return Optional.empty();
    }
    return Optional.of(
        Dense.of(
            backend,
            (in, out) -> {
              if (in.size() < 3) {
                alone(backend, kernel, rows, eps, in, out.getFirst());
              } else {
                weighted(backend, kernel, rows, eps, in, out);
              }
            }));
  }

  private static void alone(
      OpenClBackend backend,
      LineKernel kernel,
      Lines rows,
      double eps,
      List<Operand> in,
      Operand gx) {
    launch(backend, kernel, rows, eps, rows.count(), List.of(in.get(0), in.get(1), gx, gx, gx, gx));
  }

  private static void launch(
      OpenClBackend backend,
      LineKernel kernel,
      Lines rows,
      double eps,
      long parts,
      List<Operand> operands) {
    DType dtype = operands.getFirst().dtype();
    long share = (rows.count() + parts - 1) / parts;
    LineLaunch.of(backend, kernel, dtype)
        .teams(
            operands,
            parts,
            rows.numel(),
            rows.count(),
            rows.length(),
            Words.bits(dtype, Scalar.of(eps)),
            parts,
            share);
  }

  private static void weighted(
      OpenClBackend backend,
      LineKernel kernel,
      Lines rows,
      double eps,
      List<Operand> in,
      List<Operand> out) {
    DType dtype = in.getFirst().dtype();
    long parts = Math.clamp(rows.numel() / PART, 1, Math.min(rows.count(), PARTS));
    try (Scratch scratch = new Scratch(backend)) {
      Operand ofWeight = scratch.of(dtype.accumulator(), parts * rows.length());
      Operand ofBias = scratch.of(dtype.accumulator(), parts * rows.length());
      launch(
          backend,
          kernel,
          rows,
          eps,
          parts,
          List.of(in.get(0), in.get(1), in.get(2), out.getFirst(), ofWeight, ofBias));
      LineLaunch sums = LineLaunch.of(backend, LineKernel.SUM_COLUMNS, dtype);
      Lines columns = new Lines(1, parts, rows.length());
      sums.columns(List.of(ofWeight, out.get(1)), columns);
      if (out.size() > 2) {
        sums.columns(List.of(ofBias, out.get(2)), columns);
      }
    }
  }
}
