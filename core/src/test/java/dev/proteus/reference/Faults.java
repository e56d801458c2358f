package dev.proteus.reference;

import dev.proteus.error.DeviceOutOfMemoryException;
import java.util.concurrent.atomic.AtomicLong;

/// Memory that runs out when a test wants it to.
public final class Faults {
  private static final ScopedValue<AtomicLong> LEFT = ScopedValue.newInstance();

  private Faults() {}

  /// What came of a run.
  public enum Outcome {
    /// It needed fewer allocations and ended well.
    DONE,
    /// It ended with the error of the allocation that failed.
    FAILED
  }

  /// Runs `action` with one allocation of this thread failing, after so many that do not.
  public static Outcome after(long allocations, Runnable action) {
    AtomicLong left = new AtomicLong(allocations);
    try {
      ScopedValue.where(LEFT, left).run(action);
    } catch (DeviceOutOfMemoryException e) {
      if (left.get() >= 0) {
        throw e;
      }
      return Outcome.FAILED;
    }
    if (left.get() < 0) {
      throw new AssertionError("an allocation failed and nobody heard of it");
    }
    return Outcome.DONE;
  }

  /// What a backend under test calls before it allocates.
  ///
  /// @throws DeviceOutOfMemoryException if this is the allocation that should fail
  public static void atAllocation(long bytes) {
    if (LEFT.isBound() && LEFT.get().getAndDecrement() == 0) {
      throw new DeviceOutOfMemoryException("no " + bytes + " bytes, on purpose");
    }
  }
}
