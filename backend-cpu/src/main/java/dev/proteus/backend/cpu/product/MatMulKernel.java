package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.op.MatMul;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [MatMul] by packed tiles; a row by a matrix, or a matrix by a column, without packing.
///
/// Halves are computed in float32 and rounded once, at the end. Integers wrap.
public final class MatMulKernel {
  private MatMulKernel() {}

  /// The kernel of [MatMul] for such inputs, if there is one.
  public static Optional<Kernel> make(CpuBackend backend, MatMul op, List<TensorSpec> inputs) {
    return switch (inputs.getFirst().dtype()) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 ->
          Optional.of((in, out) ->
              new MatrixProduct(in.get(0), in.get(1), Optional.empty(), out.getFirst())
                  .run(backend));
      case INT64, INT32, INT16, INT8, UINT8 ->
          Optional.of((in, out) -> integers(backend, in, out.getFirst()));
      case BOOL -> Optional.empty();
    };
  }

  private static void integers(CpuBackend backend, List<Operand> in, Operand out) {
    new IntegerProduct(in.get(0), in.get(1), out).run(backend);
  }
}
