package dev.proteus.backend.opencl;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Work that nobody waits for, one piece after the other: asking drivers for compiled programs,
/// which takes some of them longer than compiling.
///
/// When the JVM ends, what has not begun is left undone, and what has is waited for: a driver that
/// works while its process is taken down may fail.
final class Background {
  private static final long LAST_SECONDS = 60;
  private static final long POLL_MILLIS = 100;
  private static final ThreadPoolExecutor WORKER = worker();

  private Background() {}

  private static ThreadPoolExecutor worker() {
    ThreadPoolExecutor worker =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("proteus-opencl-programs").factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    worker.allowCoreThreadTimeOut(true);
    Runtime.getRuntime().addShutdownHook(new Thread(Background::end));
    return worker;
  }

  private static void end() {
    WORKER.getQueue().clear();
    WORKER.shutdown();
    try {
      boolean _ = WORKER.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Runs `work` after all that was given before; never, if the JVM is ending.
  static void run(Runnable work) {
    WORKER.execute(work);
  }

  /// Returns when all that was given before is done, or left undone.
  static void await() {
    CountDownLatch done = new CountDownLatch(1);
    run(done::countDown);
    try {
      while (!done.await(POLL_MILLIS, TimeUnit.MILLISECONDS) && !WORKER.isTerminated()) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
