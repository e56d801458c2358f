package dev.proteus.backend.opencl;

import dev.proteus.codegen.IndexedSource;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.DType;
import java.util.List;
import java.util.stream.IntStream;

/// Writes elements at given indices, over or into a copy of the base.
///
/// Two sources meet in one place only if they differ along the indexed axis alone. That axis is
/// walked in its order by one item: the last one wins, and sums come out alike on any device. Sums
/// of halves are kept in float32 until all are added.
final class ScatterKernel implements Kernel {
  private final Scatter op;
  private final OpenClBackend backend;

  ScatterKernel(Scatter op, OpenClBackend backend) {
    this.op = op;
    this.backend = backend;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand base = inputs.get(0);
    Operand index = inputs.get(1);
    Operand source = inputs.get(2);
    Operand out = outputs.getFirst();
    if (out.layout().numel() == 0) {
      return;
    }
    IndexedKernel.check(backend, op.name(), op.axis(), base.shape(), index);
    if (op.mode() == Scatter.Mode.ADD && out.dtype().isHalf()) {
      try (Scratch scratch = new Scratch(backend)) {
        Operand sums = scratch.of(DType.FLOAT32, out.shape());
        Operand terms = scratch.of(DType.FLOAT32, source.shape());
        backend.copy(base, sums);
        backend.copy(source, terms);
        write(index, terms, sums);
        backend.copy(sums, out);
      }
      return;
    }
    if (base.storage() != out.storage() || !base.layout().equals(out.layout())) {
      backend.copy(base, out);
    }
    write(index, source, out);
  }

  private void write(Operand index, Operand source, Operand out) {
    if (index.layout().numel() == 0) {
      return;
    }
    boolean isScalar = out.layout().rank() == 0;
    int axis = op.axis();
    long[][] strides = {
      index.layout().strides(), source.layout().strides(), out.layout().strides()
    };
    long length = isScalar ? 1 : index.shape().size(axis);
    int[] others =
        IntStream.of(Space.order(out.layout())).filter(a -> isScalar || a != axis).toArray();
    Space columns = Space.of(index.shape(), strides, others);
    Programs programs = backend.programs();
    programs.launch(
        programs.entry(new IndexedSource.Write(op.mode(), out.dtype()), s -> s.named("scatter")),
        List.of(
            OpenClStorage.buffer(index), OpenClStorage.buffer(source), OpenClStorage.buffer(out)),
        IndexedKernel.words(
            columns,
            3,
            index.layout().offset(),
            source.layout().offset(),
            out.layout().offset(),
            isScalar ? 0 : strides[0][axis],
            isScalar ? 0 : strides[1][axis],
            isScalar ? 0 : strides[2][axis],
            length),
        columns.numel() * length);
  }
}
