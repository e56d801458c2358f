package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.expr.Exprs;
import dev.proteus.op.Cat;
import dev.proteus.op.Map;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [Cat] as one copy for each operand, straight to its place, cast on the way.
final class CatKernel {
  private CatKernel() {}

  static Optional<Kernel> make(CpuBackend backend, Cat op, List<TensorSpec> inputs) {
    return Optional.of((in, out) -> run(backend, op.axis(), in, out.getFirst()));
  }

  private static void run(CpuBackend backend, int axis, List<Operand> inputs, Operand out) {
    long start = 0;
    for (Operand input : inputs) {
      if (input.layout().numel() == 0) {
        continue;
      }
      long length = input.shape().size(axis);
      Operand target = out.withLayout(out.layout().slice(axis, start, length, 1));
      Map copy = Map.of("cat", Exprs.cast(out.dtype(), Exprs.input(0, input.dtype())));
      backend.kernel(copy, List.of()).run(List.of(input), List.of(target));
      start += length;
    }
  }
}
