package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.CopyKernel;
import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Operands in the form that a kernel wants: reshaped where strides allow it, copied where not.
/// Copies are given back at the end.
final class Vectors implements AutoCloseable {
  private final CpuBackend backend;
  private final List<CpuStorage> copies = new ArrayList<>();

  Vectors(CpuBackend backend) {
    this.backend = backend;
  }

  /// The same elements with another shape.
  Operand reshaped(Operand operand, Shape shape) {
    return operand
        .layout()
        .reshape(shape)
        .map(operand::withLayout)
        .orElseGet(() -> copy(operand).withLayout(Layout.contiguous(shape)));
  }

  private Operand copy(Operand operand) {
    long bytes = operand.shape().numel() * operand.dtype().bytes();
    CpuStorage storage = backend.allocate(bytes);
    copies.add(storage);
    Operand dense = new Operand(storage, Layout.contiguous(operand.shape()), operand.dtype());
    new CopyKernel(backend.threads()).copy(operand, dense);
    return dense;
  }

  /// All elements of an operand in an array.
  float[] floats(Operand operand) {
    int n = Math.toIntExact(operand.shape().numel());
    float[] values = new float[n];
    NativeMatrix row = row(reshaped(operand, Shape.of(n)));
    InnerLoops.CHOSEN.floats().load(row, 0, 0, 1, n, values, 0, n);
    return values;
  }

  /// Writes an array to an operand whose elements follow each other evenly.
  static void store(float[] values, Operand to) {
    int n = Math.toIntExact(to.shape().numel());
    Operand flat = to.withLayout(to.layout().reshape(Shape.of(n)).orElseThrow());
    InnerLoops.CHOSEN.floats().store(values, 0, n, 1, n, row(flat), 0, 0);
  }

  private static NativeMatrix row(Operand vector) {
    return new NativeMatrix(
        CpuStorage.segment(vector),
        CpuStorage.start(vector),
        0,
        vector.layout().stride(0),
        vector.dtype());
  }

  @Override
  public void close() {
    copies.forEach(CpuStorage::release);
  }
}
