package dev.proteus.backend.opencl;

import dev.proteus.codegen.Product;
import dev.proteus.op.Linear;
import dev.proteus.op.MatMul;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [MatMul] and [Linear] of floating types. Products of a few rows or columns are left to the
/// definition, which folds without packing.
final class MatMulKernel {
  /// Rows and columns from which packing pays.
  private static final long FEW = 4;

  private MatMulKernel() {}

  static Optional<Kernel> matMul(OpenClBackend backend, MatMul op, List<TensorSpec> inputs) {
    Shape result = op.infer(inputs).getFirst().shape();
    return accepts(inputs.getFirst(), result.size(-2), result)
        ? Optional.of(
            (in, out) -> new MatrixProduct(in.get(0), in.get(1), out.getFirst()).run(backend))
        : Optional.empty();
  }

  static Optional<Kernel> linear(OpenClBackend backend, Linear op, List<TensorSpec> inputs) {
    Shape result = op.infer(inputs).getFirst().shape();
    long rows = result.numel() / Math.max(1, result.size(-1));
    return result.rank() > 1 && accepts(inputs.getFirst(), rows, result)
        ? Optional.of((in, out) -> linear(backend, in, out.getFirst()))
        : Optional.empty();
  }

  private static void linear(OpenClBackend backend, List<Operand> in, Operand out) {
    Operand w = in.get(1);
    Operand transposed = w.withLayout(w.layout().permute(1, 0));
    if (in.size() < 3) {
      new MatrixProduct(in.getFirst(), transposed, out).run(backend);
      return;
    }
    Dense.of(
            backend,
            (bias, results) ->
                new MatrixProduct(
                        in.getFirst(), transposed, Optional.of(bias.getFirst()), results.getFirst())
                    .run(backend))
        .run(List.of(in.get(2)), List.of(out));
  }

  private static boolean accepts(TensorSpec a, long rows, Shape result) {
    return a.dtype().isFloating()
        && rows >= FEW
        && result.size(-1) >= FEW
        && a.shape().size(-1) > 0
        && result.numel() > 0
        && result.rank() <= Product.AXES + 2;
  }
}
