package dev.proteus.backend.cpu.memory;

import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;

/// The matrices in the last two axes of an operand, numbered in row-major order of the axes before,
/// which are expanded to a batch shape.
public final class Batch {
  private final NativeMatrix first;
  private final long[] sizes;
  private final long[] strides;

  /// The matrices of an operand whose axes before the last two are expanded to `batch`.
  public Batch(Operand operand, Shape batch) {
    Layout layout = operand.layout();
    int rank = layout.rank();
    this.first =
        new NativeMatrix(
            CpuStorage.segment(operand),
            CpuStorage.start(operand),
            layout.stride(-2),
            layout.stride(-1),
            operand.dtype());
    this.sizes = batch.toArray();
    this.strides = new long[sizes.length];
    for (int axis = sizes.length - 1, from = rank - 3; from >= 0; axis--, from--) {
      strides[axis] = layout.shape().size(from) == 1 ? 0 : layout.stride(from);
    }
  }

  /// Matrix number `i`.
  public NativeMatrix matrix(long i) {
    long rest = i;
    long offset = 0;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      offset += rest % sizes[axis] * strides[axis];
      rest /= sizes[axis];
    }
    return first.plus(offset);
  }
}
