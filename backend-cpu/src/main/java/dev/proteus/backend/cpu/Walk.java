package dev.proteus.backend.cpu;

import dev.proteus.spi.Space;

/// A position that moves through a space, and where it stands in the memory of each operand.
final class Walk {
  private final long[] sizes;
  private final long[][] strides;
  private final long[] at;
  private final long[] offsets;

  /// At the first element, for the first `operands` of the space.
  Walk(Space space, int operands) {
    this.sizes = space.sizes();
    this.strides = new long[operands][];
    for (int k = 0; k < operands; k++) {
      strides[k] = space.strides(k);
    }
    this.at = new long[sizes.length];
    this.offsets = new long[operands];
  }

  /// Goes to element number `index`.
  void moveTo(long index) {
    long rest = index;
    for (int axis = sizes.length - 1; axis > 0; axis--) {
      long quotient = rest / sizes[axis];
      at[axis] = rest - quotient * sizes[axis];
      rest = quotient;
    }
    at[0] = rest;
    for (int k = 0; k < offsets.length; k++) {
      offsets[k] = 0;
      for (int axis = 0; axis < at.length; axis++) {
        offsets[k] += at[axis] * strides[k][axis];
      }
    }
  }

  /// Elements up to the end of the fastest axis, the one here included.
  long run() {
    return sizes[sizes.length - 1] - at[sizes.length - 1];
  }

  /// Elements of operand `k` from its first one to the one here.
  long offset(int k) {
    return offsets[k];
  }

  /// Goes `n` elements on, at most to the end of the run and there to the start of the next.
  void advance(long n) {
    int axis = sizes.length - 1;
    shift(axis, n);
    at[axis] += n;
    while (axis > 0 && at[axis] == sizes[axis]) {
      shift(axis, -at[axis]);
      at[axis] = 0;
      axis--;
      shift(axis, 1);
      at[axis]++;
    }
  }

  private void shift(int axis, long n) {
    for (int k = 0; k < offsets.length; k++) {
      offsets[k] += n * strides[k][axis];
    }
  }
}
