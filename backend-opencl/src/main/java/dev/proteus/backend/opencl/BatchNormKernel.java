package dev.proteus.backend.opencl;

import dev.proteus.codegen.LineKernel;
import dev.proteus.op.BatchNorm;
import dev.proteus.op.BatchNormBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// [BatchNorm] and its gradients, a team for each channel.
final class BatchNormKernel {
  /// Neighbouring elements of a channel from which a team is faster than folds over columns.
  private static final long SHORTEST = 16;

  private BatchNormKernel() {}

  static Optional<Kernel> forward(OpenClBackend backend, BatchNorm op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    LineKernel kernel =
        switch (inputs.size()) {
          case 1 -> LineKernel.BATCH_NORM;
          case 2 -> LineKernel.BATCH_NORM_WEIGHT;
          default -> LineKernel.BATCH_NORM_BIAS;
        };
    return accepts(x.shape())
        ? Optional.of(
            Dense.of(
                backend,
                (in, out) -> {
                  Operand first = in.getFirst();
                  List<Operand> operands = new ArrayList<>(in);
                  while (operands.size() < 3) {
                    operands.add(first);
                  }
                  operands.addAll(out);
                  launch(backend, kernel, op.eps(), x, operands);
                }))
        : Optional.empty();
  }

  static Optional<Kernel> backward(
      OpenClBackend backend, BatchNormBackward op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.get(3);
    LineKernel kernel =
        inputs.size() < 7 ? LineKernel.BATCH_NORM_BACKWARD : LineKernel.BATCH_NORM_WEIGHT_BACKWARD;
    return accepts(x.shape())
        ? Optional.of(
            Dense.of(
                backend,
                (in, out) -> {
                  List<Operand> operands = new ArrayList<>(in);
                  operands.addAll(in.size() < 7 ? List.of(in.getFirst()) : List.of());
                  operands.addAll(out);
                  while (operands.size() < 10) {
                    operands.add(out.getFirst());
                  }
                  launch(backend, kernel, op.eps(), x, operands);
                }))
        : Optional.empty();
  }

  private static boolean accepts(Shape x) {
    return x.numel() > 0 && size(x) >= SHORTEST;
  }

  /// Neighbouring elements of a channel.
  private static long size(Shape x) {
    return x.slice(2, x.rank()).numel();
  }

  private static void launch(
      OpenClBackend backend, LineKernel kernel, double eps, TensorSpec x, List<Operand> operands) {
    Shape shape = x.shape();
    LineLaunch.of(backend, kernel, x.dtype())
        .teams(
            operands,
            shape.size(1),
            shape.numel(),
            shape.size(0),
            shape.size(1),
            size(shape),
            Words.bits(x.dtype(), Scalar.of(eps)));
  }
}
