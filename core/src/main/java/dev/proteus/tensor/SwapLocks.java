package dev.proteus.tensor;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// What keeps swaps that share a tensor apart: 64 locks, each for every 64th tensor by creation
/// order. They are taken in ascending order, so that swaps in opposite order cannot wait for each
/// other (rule SW-47).
///
/// Who only reads takes no lock: if no swap began or was at work from [#moment()] to
/// [#isStill(long)], what was read in between belongs together. If one was, it is read again under
/// the locks.
final class SwapLocks {
  private static final ReentrantLock[] LOCKS = new ReentrantLock[Long.SIZE];

  /// Swaps at work in the lower bits, swaps begun so far above.
  private static final AtomicLong SWAPS = new AtomicLong();

  private static final long ONE_BEGUN = 1L << 20;
  private static final long AT_WORK = ONE_BEGUN - 1;

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

  /// The locks of these tensors.
  static long bits(Iterable<? extends Tensor> tensors) {
    long bits = 0;
    for (Tensor tensor : tensors) {
      bits |= bit(tensor);
    }
    return bits;
  }

  /// Now, as [#isStill(long)] takes it.
  static long moment() {
    return SWAPS.get();
  }

  /// Whether no swap was at work at `moment` and none has begun since.
  static boolean isStill(long moment) {
    return (moment & AT_WORK) == 0 && SWAPS.get() == moment;
  }

  /// Runs `swap` with the locks of these bits held.
  static void holding(long bits, Runnable swap) {
    reading(
        bits,
        () -> {
          SWAPS.addAndGet(ONE_BEGUN + 1);
          try {
            swap.run();
            return true;
          } finally {
            SWAPS.decrementAndGet();
          }
        });
  }

  /// What `read` gives with the locks of these bits held.
  static <R> R reading(long bits, Supplier<R> read) {
    long held = 0;
    try {
      for (long left = bits; left != 0; left &= left - 1) {
        LOCKS[Long.numberOfTrailingZeros(left)].lock();
        held |= Long.lowestOneBit(left);
      }
      return read.get();
    } finally {
      for (long left = held; left != 0; left &= left - 1) {
        LOCKS[Long.numberOfTrailingZeros(left)].unlock();
      }
    }
  }
}
