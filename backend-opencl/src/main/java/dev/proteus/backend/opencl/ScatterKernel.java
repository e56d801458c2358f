package dev.proteus.backend.opencl;

import dev.proteus.codegen.IndexedSource;
import dev.proteus.op.Copies;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
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
      OpenClStorage sums = backend.allocate(4 * out.layout().numel());
      Operand wide = new Operand(sums, Layout.contiguous(out.shape()), DType.FLOAT32);
      OpenClStorage terms = backend.allocate(4 * source.layout().numel());
      Operand wideTerms = new Operand(terms, Layout.contiguous(source.shape()), DType.FLOAT32);
      try {
        convert(base, wide);
        convert(source, wideTerms);
        write(index, wideTerms, wide);
        convert(wide, out);
      } finally {
        terms.release();
        sums.release();
      }
      return;
    }
    if (base.storage() != out.storage() || !base.layout().equals(out.layout())) {
      convert(base, out);
    }
    write(index, source, out);
  }

  private void convert(Operand from, Operand to) {
    backend
        .kernel(Copies.cast(from.dtype(), to.dtype()), List.of())
        .run(List.of(from), List.of(to));
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
