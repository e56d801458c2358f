package dev.proteus.tensor;

import java.util.concurrent.atomic.AtomicReference;

/// A stream of random numbers: a seed and how many were drawn. Numbers depend on these two alone,
/// not on device or threads.
public final class Generator {
  private static final Generator SHARED = new Generator(0);

  /// A stretch of the stream.
  ///
  /// @param seed key of the random function
  /// @param offset index of the first number
  public record Draw(long seed, long offset) {}

  private final AtomicReference<Draw> next;

  /// A stream that starts at the beginning of `seed`.
  public Generator(long seed) {
    next = new AtomicReference<>(new Draw(seed, 0));
  }

  /// The stream used where no scope names another.
  public static Generator shared() {
    return SHARED;
  }

  /// Starts the stream of `seed` from its beginning.
  public void manualSeed(long seed) {
    next.set(new Draw(seed, 0));
  }

  /// The next `count` 32-bit numbers, rounded up to whole groups of four.
  public Draw draw(long count) {
    long groups = (count + 3) / 4 * 4;
    return next.getAndUpdate(d -> new Draw(d.seed(), d.offset() + groups));
  }

  /// Where the stream stands; [#restore(Draw)] returns there.
  public Draw state() {
    return next.get();
  }

  public void restore(Draw state) {
    next.set(state);
  }
}
