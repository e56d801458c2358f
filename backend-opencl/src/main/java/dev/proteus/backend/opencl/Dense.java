package dev.proteus.backend.opencl;

import dev.proteus.op.Copies;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import java.util.ArrayList;
import java.util.List;

/// The operands of one call in row-major order: themselves, or copies for as long as the call
/// takes.
final class Dense implements AutoCloseable {
  private final OpenClBackend backend;
  private final List<OpenClStorage> copies = new ArrayList<>();

  private Dense(OpenClBackend backend) {
    this.backend = backend;
  }

  /// `kernel`, which needs every operand in row-major order, for operands of any layout.
  static Kernel of(OpenClBackend backend, Kernel kernel) {
    return (inputs, outputs) -> {
      try (Dense dense = new Dense(backend)) {
        List<Operand> results = outputs.stream().map(dense::place).toList();
        kernel.run(inputs.stream().map(dense::copy).toList(), results);
        for (int i = 0; i < results.size(); i++) {
          if (results.get(i) != outputs.get(i)) {
            dense.convert(results.get(i), outputs.get(i));
          }
        }
      }
    };
  }

  private Operand copy(Operand input) {
    if (input.layout().isContiguous()) {
      return input;
    }
    Operand copy = place(input);
    convert(input, copy);
    return copy;
  }

  private Operand place(Operand operand) {
    if (operand.layout().isContiguous()) {
      return operand;
    }
    Layout layout = Layout.contiguous(operand.shape());
    OpenClStorage storage = backend.allocate(layout.numel() * operand.dtype().bytes());
    copies.add(storage);
    return new Operand(storage, layout, operand.dtype());
  }

  private void convert(Operand from, Operand to) {
    backend
        .kernel(Copies.cast(from.dtype(), to.dtype()), List.of())
        .run(List.of(from), List.of(to));
  }

  @Override
  public void close() {
    copies.forEach(OpenClStorage::release);
  }
}
