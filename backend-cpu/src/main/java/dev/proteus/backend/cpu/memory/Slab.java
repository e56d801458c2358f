package dev.proteus.backend.cpu.memory;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One block cut into slices, front to back. The storages of its slices refer to it, and nobody
/// else once it is full.
///
/// It goes back when its last slice is released, or when it is unreachable because the storages
/// were forgotten.
final class Slab implements CpuStorage.Lease {
  /// Bytes of a slab.
  static final int BYTES = 1 << 16;

  private static final long ONE = 1L << 32;

  private final MemorySegment segment;
  private final Ledger ledger;
  private final Cleaner.Cleanable returning;

  /// @param giveBack runs once, when nobody needs the slab; must not refer to it
  Slab(Cleaner cleaner, MemorySegment segment, Ledger ledger, Runnable giveBack) {
    this.segment = segment;
    this.ledger = ledger;
    this.returning = cleaner.register(this, giveBack);
  }

  /// What is taken of a slab and what came back, in bytes.
  static final class Ledger {
    /// Slices made in the upper half, the first free byte in the lower.
    private final AtomicLong taken = new AtomicLong();

    private final AtomicInteger freed = new AtomicInteger();

    long live() {
      return (long) Math.min(taken.intValue(), BYTES) - freed.get();
    }

    long slices() {
      return taken.get() >>> 32;
    }
  }

  /// Bytes that a slice of so many bytes takes up.
  private static int slot(long bytes) {
    return (int)
        Math.max(SizeClass.ALIGNMENT, (bytes + SizeClass.ALIGNMENT - 1) & -SizeClass.ALIGNMENT);
  }

  /// A slice as a storage, or null if the rest is too short.
  @Nullable CpuStorage cut(long bytes) {
    int slot = slot(bytes);
    int base = (int) ledger.taken.getAndAdd(ONE + slot);
    if (base + slot <= BYTES) {
      return new CpuStorage(segment, base, bytes, this);
    }
    ledger.taken.getAndAdd(-ONE);
    if (base < BYTES) {
      free(BYTES - base);
    }
    return null;
  }

  @Override
  public void giveBack(long base, long bytes) {
    free(slot(bytes));
  }

  /// The end too short for a slice counts as freed by the one who came upon it, so the sum is
  /// reached exactly once.
  private void free(int slot) {
    if (ledger.freed.addAndGet(slot) == BYTES) {
      returning.clean();
    }
  }
}
