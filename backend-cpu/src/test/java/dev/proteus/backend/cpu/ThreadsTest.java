package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the team of threads promises.
@Timeout(60)
final class ThreadsTest {
  @Test
  void everyIterationIsDoneOnce() {
    for (int count = 1; count <= 4; count++) {
      try (Threads threads = new Threads(count)) {
        for (int n : new int[] {0, 1, 7, 100, 10_007}) {
          for (int grain : new int[] {1, 3, 64, 20_000}) {
            AtomicIntegerArray done = new AtomicIntegerArray(Math.max(1, n));
            threads.forRange(
                n,
                grain,
                (from, to) -> {
                  assertEquals(0, from % grain);
                  for (long i = from; i < to; i++) {
                    done.incrementAndGet((int) i);
                  }
                });
            for (int i = 0; i < n; i++) {
              assertEquals(1, done.get(i));
            }
          }
        }
      }
    }
  }

  /// One chunk does not return before another has begun, so a second thread must have taken that
  /// one.
  @Test
  void allThreadsTakePart() {
    try (Threads threads = new Threads(3)) {
      CountDownLatch all = new CountDownLatch(3);
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      threads.forRange(
          3,
          1,
          (_, _) -> {
            seen.add(Thread.currentThread());
            all.countDown();
            await(all);
          });
      assertEquals(3, seen.size());
      assertTrue(seen.contains(Thread.currentThread()));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// While one thread is held up in its first chunk, the others do all the rest.
  @Test
  void workIsSplitDynamically() {
    try (Threads threads = new Threads(2)) {
      AtomicLong others = new AtomicLong();
      CountDownLatch rest = new CountDownLatch(1);
      threads.forRange(
          1000,
          1,
          (from, to) -> {
            if (from == 0) {
              await(rest);
            } else if (others.addAndGet(to - from) >= 1000 - 1000 / 16) {
              rest.countDown();
            }
          });
      assertTrue(others.get() >= 1000 - 1000 / 16);
    }
  }

  @Test
  void whatATaskThrowsIsThrown() {
    try (Threads threads = new Threads(2)) {
      for (int at : new int[] {0, 500, 999}) {
        var failure = new ArithmeticException("at " + at);
        var met =
            assertThrows(
                ArithmeticException.class,
                () ->
                    threads.forRange(
                        1000,
                        1,
                        (from, to) -> {
                          if (from <= at && at < to) {
                            throw failure;
                          }
                        }));
        assertSame(failure, met);
      }
      AtomicLong sum = new AtomicLong();
      threads.forRange(1000, 1, (from, to) -> sum.addAndGet(to - from));
      assertEquals(1000, sum.get());
    }
  }

  @Test
  void loopsInsideLoopsRunInPlace() {
    try (Threads threads = new Threads(3)) {
      AtomicLong sum = new AtomicLong();
      threads.forRange(
          100,
          1,
          (from, to) -> {
            Thread outer = Thread.currentThread();
            for (long i = from; i < to; i++) {
              threads.forRange(
                  1000,
                  1,
                  (first, last) -> {
                    assertSame(outer, Thread.currentThread());
                    sum.addAndGet(last - first);
                  });
            }
          });
      assertEquals(100_000, sum.get());
    }
  }

  @Test
  void manyCallersShareTheTeam() throws InterruptedException {
    try (Threads threads = new Threads(3)) {
      AtomicLong sum = new AtomicLong();
      Thread[] callers = new Thread[4];
      for (int i = 0; i < callers.length; i++) {
        callers[i] =
            Thread.startVirtualThread(() -> {
              for (int round = 0; round < 500; round++) {
                threads.forRange(100, 1, (from, to) -> sum.addAndGet(to - from));
              }
            });
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertEquals(4 * 500 * 100, sum.get());
    }
  }

  @Test
  void anInterruptIsKeptForTheCaller() {
    try (Threads threads = new Threads(2)) {
      Thread.currentThread().interrupt();
      AtomicLong sum = new AtomicLong();
      threads.forRange(100, 1, (from, to) -> sum.addAndGet(to - from));
      assertEquals(100, sum.get());
      assertTrue(Thread.interrupted());
    }
  }
}
