package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.error.TensorIndexException;
import dev.proteus.spi.Operand;
import java.lang.foreign.MemorySegment;

/// The indices of a gather or a scatter, checked as they are read.
final class Index {
  private final String operator;
  private final int axis;
  private final long size;
  private final long stride;
  private final MemorySegment segment;
  private final long start;

  /// Indices into `axis` of `indexed`.
  Index(String operator, int axis, Operand indexed, Operand index) {
    this.operator = operator;
    this.axis = axis;
    boolean scalar = indexed.layout().rank() == 0;
    this.size = scalar ? 1 : indexed.shape().size(axis);
    this.stride = scalar ? 0 : indexed.layout().stride(axis);
    this.segment = CpuStorage.segment(index);
    this.start = CpuStorage.start(index);
  }

  /// How many elements the index at `offset` lies from the start of the axis.
  ///
  /// @throws TensorIndexException if it lies outside
  long at(long offset) {
    long value = segment.get(Elements.LONG, start + 8 * offset);
    if (value < 0 || value >= size) {
      throw TensorIndexException.outside(operator, value, axis, size);
    }
    return value * stride;
  }
}
