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

  /// Runs `action` with the locks of these bits held.
  static void holding(long bits, Runnable action) {
    long held = 0;
    try {
      for (long left = bits; left != 0; left &= left - 1) {
        LOCKS[Long.numberOfTrailingZeros(left)].lock();
        held |= Long.lowestOneBit(left);
      }
      action.run();
    } finally {
      for (long left = held; left != 0; left &= left - 1) {
        LOCKS[Long.numberOfTrailingZeros(left)].unlock();
      }
    }
  }
}
