package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import java.lang.foreign.MemorySegment;

/// How the elements of one operand follow each other in the order of an iteration, and the way to
/// move them block by block.
///
/// A coordinate is a path, too: its "address" is its value.
final class Path {
  /// The iteration moves through memory in a way that no single step describes.
  static final int MANY_STEPS = -1;

  private static final int COORDINATE = -2;

  /// A few elements in a row, over and over.
  private static final int REPEATED = -3;

  private static final long[] NO_AXES = {};

  private final DType dtype;
  private final MemorySegment segment;
  private final long start;
  private final int step;
  private final long[] sizes;
  private final long[] strides;

  private Path(
      DType dtype, MemorySegment segment, long start, int step, long[] sizes, long[] strides) {
    this.dtype = dtype;
    this.segment = segment;
    this.start = start;
    this.step = step;
    this.sizes = sizes;
    this.strides = strides;
  }

  /// One element after the other (step 1), or one element for all (step 0).
  static Path flat(Operand operand, int step) {
    CpuStorage storage = CpuStorage.of(operand);
    return new Path(
        operand.dtype(), storage.segment(), CpuStorage.start(operand), step, NO_AXES, NO_AXES);
  }

  /// Along axes with these strides, the last one fastest.
  static Path of(Operand operand, long[] sizes, long[] strides) {
    CpuStorage storage = CpuStorage.of(operand);
    return new Path(
        operand.dtype(),
        storage.segment(),
        CpuStorage.start(operand),
        step(sizes, strides),
        sizes,
        strides);
  }

  /// The values of a coordinate that grows by these strides.
  static Path coordinate(long[] sizes, long[] strides) {
    return new Path(DType.INT64, MemorySegment.NULL, 0, COORDINATE, sizes, strides);
  }

  private static int step(long[] sizes, long[] strides) {
    int axis = sizes.length - 1;
    long inRow = 1;
    while (axis >= 0 && (strides[axis] == inRow || sizes[axis] == 1)) {
      inRow *= sizes[axis--];
    }
    if (axis < 0) {
      return 1;
    }
    while (axis >= 0 && (strides[axis] == 0 || sizes[axis] == 1)) {
      axis--;
    }
    if (axis >= 0) {
      return MANY_STEPS;
    }
    return inRow == 1 ? 0 : inRow <= Frame.BLOCK / 2 ? REPEATED : MANY_STEPS;
  }

  /// Elements in a row from the start, as far as the strides go on without a gap.
  private int inRow() {
    int axis = sizes.length - 1;
    int inRow = 1;
    while (axis >= 0 && (strides[axis] == inRow || sizes[axis] == 1)) {
      inRow *= (int) sizes[axis--];
    }
    return inRow;
  }

  /// Whether `n` elements from number `index` on follow each other in memory as float32.
  boolean isFloatRow(long index, int n) {
    if (dtype != DType.FLOAT32 || step == 0 || step < MANY_STEPS) {
      return false;
    }
    int last = sizes.length - 1;
    return step == 1 || strides[last] == 1 && sizes[last] - index % sizes[last] >= n;
  }

  MemorySegment segment() {
    return segment;
  }

  /// The byte of [#segment()] at which element `index` lies.
  long place(Frame frame, long index) {
    long offset = step == 1 ? index : locate(index, frame.coordinates(sizes.length));
    return start + offset * dtype.bytes();
  }

  /// Moves the elements from number `index` of the iteration on into a register.
  void load(Frame frame, int register, long index, int n) {
    if (step >= 0) {
      Elements.load(
          dtype, frame, register, 0, segment, start + step * index * dtype.bytes(), step, n);
    } else if (step == REPEATED) {
      repeat(frame, register, index, n);
    } else {
      walk(frame, register, index, n, Move.LOAD);
    }
  }

  /// Loads one row, from where the block begins in it, and doubles it until the block is full.
  private void repeat(Frame frame, int register, long index, int n) {
    int row = inRow();
    int first = (int) (index % row);
    int head = Math.min(n, row - first);
    int filled = Math.min(n, row);
    Elements.load(
        dtype, frame, register, 0, segment, start + (long) first * dtype.bytes(), 1, head);
    Elements.load(dtype, frame, register, head, segment, start, 1, filled - head);
    Bank bank = Bank.of(dtype);
    while (filled < n) {
      int more = Math.min(filled, n - filled);
      frame.copy(bank, register, filled, register, 0, more);
      filled += more;
    }
  }

  /// Moves a register to the elements from number `index` of the iteration on.
  void store(Frame frame, int register, long index, int n) {
    if (step >= 0) {
      Elements.store(
          dtype, frame, register, 0, segment, start + step * index * dtype.bytes(), step, n);
    } else {
      walk(frame, register, index, n, Move.STORE);
    }
  }

  private enum Move {
    LOAD,
    STORE
  }

  /// Goes run by run: the elements up to the end of the last axis are one step apart.
  private void walk(Frame frame, int register, long index, int n, Move move) {
    int last = sizes.length - 1;
    long[] at = frame.coordinates(sizes.length);
    long offset = locate(index, at);
    for (int done = 0; done < n; ) {
      int run = (int) Math.min(n - done, sizes[last] - at[last]);
      move(frame, register, done, offset, run, move);
      done += run;
      at[last] += run;
      offset += run * strides[last];
      for (int axis = last; axis > 0 && at[axis] == sizes[axis]; axis--) {
        at[axis] = 0;
        at[axis - 1]++;
        offset += strides[axis - 1] - sizes[axis] * strides[axis];
      }
    }
  }

  /// Sets `at` to the coordinates of element `index`; its distance from the start.
  private long locate(long index, long[] at) {
    long rest = index;
    long offset = 0;
    for (int axis = sizes.length - 1; axis > 0; axis--) {
      long quotient = rest / sizes[axis];
      at[axis] = rest - quotient * sizes[axis];
      offset += at[axis] * strides[axis];
      rest = quotient;
    }
    at[0] = rest;
    return offset + rest * strides[0];
  }

  private void move(Frame frame, int register, int done, long offset, int run, Move move) {
    long stride = strides[strides.length - 1];
    if (step == COORDINATE) {
      long[] to = frame.longs[register];
      for (int i = 0; i < run; i++) {
        to[done + i] = offset + i * stride;
      }
      return;
    }
    long address = start + offset * dtype.bytes();
    switch (move) {
      case LOAD -> Elements.load(dtype, frame, register, done, segment, address, stride, run);
      case STORE -> Elements.store(dtype, frame, register, done, segment, address, stride, run);
    }
  }
}
