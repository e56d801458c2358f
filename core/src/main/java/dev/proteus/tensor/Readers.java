package dev.proteus.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// The calls that read guarded bodies just now, and the bodies that were replaced under them: those
/// are let go when the last call leaves that may have seen them (rule SW-47).
///
/// A call takes a place before it reads its handles. A place counts arrivals and departures, so it
/// is odd while a call is there. Whoever replaces a body looks at the places afterwards: a call
/// that is not there yet will read the new body, for it takes its place first; a call that is there
/// is waited for, but not by the one who replaces: the body joins a queue that departing calls look
/// at. So a reader pays two writes to memory of its own, and neither side ever blocks.
final class Readers {
  private static final int PLACES = 256;

  /// Places are apart by a cache line and more, so that calls of different threads do not slow each
  /// other.
  private static final int STRIDE = 16;

  private static final int CROWD = -1;

  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long[] COUNTS = new long[PLACES * STRIDE];

  /// Calls that found no place.
  private static final AtomicInteger CROWDED = new AtomicInteger();

  private static final Queue<Waiting> QUEUE = new ConcurrentLinkedQueue<>();

  /// Bodies that nobody can reach any more, and the calls that may be reading them.
  private static final class Waiting {
    private final List<TensorBody> bodies;

    /// Where those calls are, and what was counted there.
    private final int[] places;

    private final long[] counts;

    /// Whether there were calls without a place.
    private final boolean isCrowded;

    private Waiting(List<TensorBody> bodies, int[] places, long[] counts, boolean isCrowded) {
      this.bodies = bodies;
      this.places = places;
      this.counts = counts;
      this.isCrowded = isCrowded;
    }

    static Waiting calls(List<TensorBody> bodies) {
      int[] places = new int[PLACES];
      long[] counts = new long[PLACES];
      int found = 0;
      for (int place = 0; place < COUNTS.length; place += STRIDE) {
        long count = count(place);
        if (isTaken(count)) {
          places[found] = place;
          counts[found++] = count;
        }
      }
      return new Waiting(
          bodies, Arrays.copyOf(places, found), Arrays.copyOf(counts, found), CROWDED.get() != 0);
    }

    boolean isOver() {
      for (int i = 0; i < places.length; i++) {
        if (count(places[i]) == counts[i]) {
          return false;
        }
      }
      return !isCrowded || CROWDED.get() == 0;
    }

    void letGo() {
      bodies.forEach(TensorBody::letGo);
    }
  }

  private Readers() {}

  /// Takes a place; what is read from handles afterwards stays until [#leave(int)].
  static int enter() {
    int home = (int) Thread.currentThread().threadId();
    for (int i = 0; i < PLACES; i++) {
      int place = (home + i & PLACES - 1) * STRIDE;
      long count = (long) COUNT.getOpaque(COUNTS, place);
      if (!isTaken(count) && COUNT.compareAndSet(COUNTS, place, count, count + 1)) {
        return place;
      }
    }
    CROWDED.incrementAndGet();
    return CROWD;
  }

  static void leave(int place) {
    if (place == CROWD) {
      CROWDED.decrementAndGet();
    } else {
      COUNT.setVolatile(COUNTS, place, (long) COUNT.get(COUNTS, place) + 1);
    }
    if (!QUEUE.isEmpty()) {
      letGo();
    }
  }

  /// Lets bodies go that no handle holds any more: now, or with the last call that reads one.
  static void letGo(List<TensorBody> replaced) {
    Waiting waiting = Waiting.calls(new ArrayList<>(replaced));
    if (waiting.isOver()) {
      waiting.letGo();
    } else {
      QUEUE.add(waiting);
    }
    letGo();
  }

  private static void letGo() {
    for (Waiting waiting : List.copyOf(QUEUE)) {
      if (waiting.isOver() && QUEUE.remove(waiting)) {
        waiting.letGo();
      }
    }
  }

  private static long count(int place) {
    return (long) COUNT.getVolatile(COUNTS, place);
  }

  private static boolean isTaken(long count) {
    return (count & 1) != 0;
  }
}
