package dev.proteus.backend.cpu;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A fixed team of platform threads that share the chunks of a loop with the thread that calls.
///
/// Chunks are taken one by one from a common cursor, so a core that is busy elsewhere does its
/// share and no more. Which thread runs a chunk never shows in a result: tasks write to places that
/// depend on the range alone. Who waits spins for some microseconds, then parks.
public final class Threads implements AutoCloseable {
  private static final int SPINS = 400;
  private static final int CHUNKS_PER_THREAD = 8;
  private static final ScopedValue<Threads> INSIDE = ScopedValue.newInstance();

  private final int count;
  private final Worker[] workers;
  private final ConcurrentLinkedQueue<Job> open = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /// A team of `count` threads, the caller being one of them.
  public Threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: " + count + " is not a count; 1 or more");
    }
    this.count = count;
    this.workers = new Worker[count - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
      workers[i].start();
    }
  }

  /// Part of a loop.
  @FunctionalInterface
  public interface RangeTask {
    /// Does the iterations from `from` to `to`, exclusive.
    void run(long from, long to);
  }

  /// Number of threads that work at a time, with the caller.
  public int count() {
    return count;
  }

  /// Runs `task` for all of `0 … n`, in ranges that start at multiples of `grain`, and returns when
  /// all are done.
  ///
  /// A loop of at most one grain, or one started inside another, runs at once on the caller. What a
  /// task throws is thrown here when the others have stopped.
  ///
  /// @param grain iterations too few to be worth a second thread
  public void forRange(long n, long grain, RangeTask task) {
    if (n <= grain || count == 1 || Thread.currentThread() instanceof Worker || INSIDE.isBound()) {
      if (n > 0) {
        task.run(0, n);
      }
      return;
    }
    Job job = new Job(n, chunk(n, grain), task, Thread.currentThread());
    open.add(job);
    wake(job.chunks() - 1);
    ScopedValue.where(INSIDE, this).run(job::work);
    open.remove(job);
    job.await();
  }

  private long chunk(long n, long grain) {
    long fair = n / ((long) count * CHUNKS_PER_THREAD);
    return Math.max(1, fair / grain) * grain;
  }

  private void wake(long helpers) {
    long left = helpers;
    for (int i = 0; i < workers.length && left > 0; i++) {
      if (workers[i].idle) {
        LockSupport.unpark(workers[i]);
      }
      left--;
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  /// One loop under way.
  private static final class Job {
    private final long n;
    private final long chunk;
    private final RangeTask task;
    private final Thread caller;
    private final AtomicLong cursor = new AtomicLong();
    private final AtomicInteger active = new AtomicInteger(1);
    private volatile @Nullable Throwable failure;

    Job(long n, long chunk, RangeTask task, Thread caller) {
      this.n = n;
      this.chunk = chunk;
      this.task = task;
      this.caller = caller;
    }

    long chunks() {
      return (n + chunk - 1) / chunk;
    }

    boolean hasWork() {
      return cursor.get() < n;
    }

    /// A thread is counted before it takes a chunk, so the caller, who sees an empty cursor first,
    /// misses nobody.
    void help() {
      active.incrementAndGet();
      work();
    }

    void work() {
      try {
        for (long from = cursor.getAndAdd(chunk); from < n; from = cursor.getAndAdd(chunk)) {
          task.run(from, Math.min(from + chunk, n));
        }
      } catch (Throwable t) {
        failure = t;
        cursor.set(n);
      } finally {
        if (active.decrementAndGet() == 0) {
          LockSupport.unpark(caller);
        }
      }
    }

    void await() {
      for (int i = 0; i < SPINS && active.get() > 0; i++) {
        Thread.onSpinWait();
      }
      boolean interrupted = false;
      while (active.get() > 0) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      rethrow();
    }

    private void rethrow() {
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable t -> throw new IllegalStateException("threads: a task failed", t);
      }
    }
  }

  private final class Worker extends Thread {
    private volatile boolean idle;

    Worker(int index) {
      super("proteus-cpu-" + index);
      setDaemon(true);
    }

    @Override
    public void run() {
      int spins = 0;
      while (!closed) {
        Job job = next();
        if (job != null) {
          job.help();
          spins = 0;
        } else if (spins++ < SPINS) {
          Thread.onSpinWait();
        } else {
          rest();
        }
      }
    }

    private @Nullable Job next() {
      if (open.isEmpty()) {
        return null;
      }
      for (Job job : open) {
        if (job.hasWork()) {
          return job;
        }
      }
      return null;
    }

    /// Says that it sleeps before it looks a last time: a caller adds its job before it looks who
    /// sleeps.
    private void rest() {
      idle = true;
      if (next() == null && !closed) {
        LockSupport.park(Threads.this);
      }
      idle = false;
    }
  }
}
