package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.error.TensorIndexException;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

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

  /// Checks all indices, for a write that could not be taken back.
  ///
  /// @throws TensorIndexException if one lies outside
  void checkAll(Operand index, Threads threads) {
    long[] strides = index.layout().strides();
    int[] axes =
        IntStream.of(Space.order(index.layout())).filter(axis -> strides[axis] != 0).toArray();
    Space space = Space.of(index.shape(), new long[][] {strides}, axes);
    threads.forRange(space.numel(), Costs.GRAIN, (from, to) -> check(space, from, to));
  }

  private void check(Space space, long from, long to) {
    Walk walk = new Walk(space, 1);
    walk.moveTo(from);
    for (long left = to - from; left > 0; ) {
      long run = Math.min(left, walk.run());
      for (long i = 0; i < run; i++) {
        at(walk.offset(0) + i * space.lastStride(0));
      }
      walk.advance(run);
      left -= run;
    }
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
