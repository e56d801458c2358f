package dev.proteus.tensor;

import java.util.concurrent.locks.ReentrantLock;

/// What keeps swaps that share a tensor apart: 64 locks, each for every 64th tensor by creation
/// order. They are taken in ascending order, so that swaps in opposite order cannot wait for each
/// other (rule SW-47).
final class SwapLocks {
  private static final ReentrantLock[] LOCKS = new ReentrantLock[Long.SIZE];

  static {
    for (int i = 0; i < LOCKS.length; i++) {
      LOCKS[i] = new ReentrantLock();
    }
  }

  private SwapLocks() {}

  /// The lock of this tensor, as a bit.
  static long bit(Tensor tensor) {
    return 1L << tensor.order();
  }

  /// Takes the locks of these bits, in ascending order; nothing here can fail half-way.
  static void take(long bits) {
    for (long left = bits; left != 0; left &= left - 1) {
      LOCKS[Long.numberOfTrailingZeros(left)].lock();
    }
  }

  /// Gives back what [#take(long)] took.
  static void giveBack(long bits) {
    for (long left = bits; left != 0; left &= left - 1) {
      LOCKS[Long.numberOfTrailingZeros(left)].unlock();
    }
  }
}
