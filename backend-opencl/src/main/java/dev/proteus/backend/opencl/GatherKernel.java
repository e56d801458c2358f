package dev.proteus.backend.opencl;

import dev.proteus.codegen.IndexedSource;
import dev.proteus.op.Gather;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import java.util.List;

/// Reads elements at given indices.
final class GatherKernel implements Kernel {
  private final Gather op;
  private final OpenClBackend backend;

  GatherKernel(Gather op, OpenClBackend backend) {
    this.op = op;
    this.backend = backend;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand x = inputs.get(0);
    Operand index = inputs.get(1);
    Operand out = outputs.getFirst();
    if (out.layout().numel() == 0) {
      return;
    }
    IndexedKernel.check(backend, op.name(), op.axis(), x.shape(), index);
    long[] others = x.layout().strides();
    long step = 0;
    if (others.length > 0) {
      step = others[op.axis()];
      others[op.axis()] = 0;
    }
    long[][] strides = {others, index.layout().strides(), out.layout().strides()};
    Space space = Space.of(out.shape(), strides, Space.order(out.layout()));
    Programs programs = backend.programs();
    programs.launch(
        programs.entry(new IndexedSource.Read(x.dtype()), s -> s.named("gather")),
        List.of(OpenClStorage.buffer(x), OpenClStorage.buffer(index), OpenClStorage.buffer(out)),
        IndexedKernel.words(
            space, 3, x.layout().offset(), index.layout().offset(), out.layout().offset(), step),
        space.numel());
  }
}
