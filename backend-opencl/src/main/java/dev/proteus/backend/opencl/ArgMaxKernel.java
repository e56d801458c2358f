package dev.proteus.backend.opencl;

import dev.proteus.codegen.LineKernel;
import dev.proteus.op.ArgMax;
import dev.proteus.op.Reduce;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [ArgMax] along any axis.
final class ArgMaxKernel {
  private ArgMaxKernel() {}

  static Optional<Kernel> make(OpenClBackend backend, ArgMax op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    Lines lines = Lines.of(x.shape(), op.axis());
    if (lines.areEmpty() || lines.areFewAndLong() || lines.length() > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    boolean isMax = op.kind() == Reduce.Kind.MAX;
    return Optional.of(
        Dense.of(
            backend,
            (in, out) -> {
              List<Operand> operands = List.of(in.getFirst(), out.getFirst());
              if (lines.areRows()) {
                LineKernel kernel = isMax ? LineKernel.ARGMAX : LineKernel.ARGMIN;
                LineLaunch.of(backend, kernel, x.dtype()).rows(operands, lines);
              } else {
                LineKernel kernel = isMax ? LineKernel.ARGMAX_COLUMNS : LineKernel.ARGMIN_COLUMNS;
                LineLaunch.of(backend, kernel, x.dtype()).columns(operands, lines);
              }
            }));
  }
}
