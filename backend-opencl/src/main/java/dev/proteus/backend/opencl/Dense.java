package dev.proteus.backend.opencl;

import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import java.util.List;

/// The operands of one call in row-major order: themselves, or copies for as long as the call
/// takes.
final class Dense {
  private Dense() {}

  /// `kernel`, which needs every operand in row-major order, for operands of any layout.
  static Kernel of(OpenClBackend backend, Kernel kernel) {
    return (inputs, outputs) -> {
      try (Scratch scratch = new Scratch(backend)) {
        List<Operand> results = outputs.stream().map(result -> place(scratch, result)).toList();
        kernel.run(inputs.stream().map(x -> copy(backend, scratch, x)).toList(), results);
        for (int i = 0; i < results.size(); i++) {
          if (results.get(i) != outputs.get(i)) {
            backend.copy(results.get(i), outputs.get(i));
          }
        }
      }
    };
  }

  private static Operand copy(OpenClBackend backend, Scratch scratch, Operand input) {
    Operand copy = place(scratch, input);
    if (copy != input) {
      backend.copy(input, copy);
    }
    return copy;
  }

  private static Operand place(Scratch scratch, Operand operand) {
    return operand.layout().isContiguous() ? operand : scratch.of(operand.dtype(), operand.shape());
  }
}
