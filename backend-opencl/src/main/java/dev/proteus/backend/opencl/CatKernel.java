package dev.proteus.backend.opencl;

import dev.proteus.op.Cat;
import dev.proteus.op.Copies;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [Cat] as one copy for each operand, straight to its place, cast on the way.
final class CatKernel {
  private CatKernel() {}

  static Optional<Kernel> make(OpenClBackend backend, Cat op, List<TensorSpec> inputs) {
    return Optional.of((in, out) -> run(backend, op.axis(), in, out.getFirst()));
  }

  private static void run(OpenClBackend backend, int axis, List<Operand> inputs, Operand out) {
    long start = 0;
    for (Operand input : inputs) {
      if (input.layout().numel() > 0) {
        long length = input.shape().size(axis);
        Operand target = out.withLayout(out.layout().slice(axis, start, length, 1));
        backend
            .kernel(Copies.cast(input.dtype(), out.dtype()), List.of())
            .run(List.of(input), List.of(target));
        start += length;
      }
    }
  }
}
