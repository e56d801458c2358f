package dev.proteus.backend.opencl;

import java.util.concurrent.atomic.AtomicLong;

/// Which buffers no command waits for, by counting the commands that were given to one in-order
/// queue: those up to a number are done, and each buffer knows the last one that uses it.
final class CommandCount {
  private final AtomicLong given = new AtomicLong();
  private final AtomicLong done = new AtomicLong();

  /// The last use of one buffer.
  static final class Use {
    private final AtomicLong last = new AtomicLong();
  }

  /// A command that was given; called after that, so that who waits for it does not miss it.
  ///
  /// @return its number
  long next() {
    return given.incrementAndGet();
  }

  /// The command of a number uses a buffer.
  void uses(long number, Use buffer) {
    buffer.last.accumulateAndGet(number, Math::max);
  }

  /// The last command so far, to be asked for before waiting.
  long last() {
    return given.get();
  }

  /// All commands up to this one are done.
  void areDone(long number) {
    done.accumulateAndGet(number, Math::max);
  }

  /// Whether all commands on a buffer are known to be done.
  boolean isIdle(Use buffer) {
    return buffer.last.get() <= done.get();
  }
}
