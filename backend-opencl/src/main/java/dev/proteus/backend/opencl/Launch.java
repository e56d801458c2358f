package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.codegen.Reading;
import dev.proteus.expr.Step;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import java.util.ArrayList;
import java.util.List;

/// One run of an expression's kernel: what moves through its space, that is the operands it reads,
/// its coordinates and the result, in this order.
final class Launch {
  private final List<Buffer> buffers = new ArrayList<>();
  private final long[][] strides;
  private final long[] starts;

  Launch(Reading reading, List<Operand> inputs, Operand out) {
    int count = reading.movers() + 1;
    strides = new long[count][];
    starts = new long[count];
    int k = 0;
    for (Step.Input operand : reading.operands()) {
      add(k++, inputs.get(operand.index()));
    }
    for (int axis : reading.axes()) {
      strides[k++] = Space.coordinate(axis, out.layout().rank());
    }
    add(k, out);
  }

  private void add(int k, Operand operand) {
    strides[k] = operand.layout().strides();
    starts[k] = operand.layout().offset();
    buffers.add(OpenClStorage.buffer(operand));
  }

  List<Buffer> buffers() {
    return buffers;
  }

  /// Strides by axis of the result, for each that moves.
  long[][] strides() {
    return strides;
  }

  /// Where each begins, in elements.
  long[] starts() {
    return starts;
  }
}
