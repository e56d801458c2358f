package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.Tiles;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// Threads that share numbered tasks, each with something that it keeps from task to task.
public final class Team {
  private Team() {}

  /// What a thread keeps from task to task.
  public interface Kept extends AutoCloseable {
    @Override
    void close();
  }

  /// Some of the tasks.
  ///
  /// @param <K> what a thread keeps
  @FunctionalInterface
  public interface Share<K> {
    /// Does the tasks from `from` to `to`, exclusive.
    void run(K kept, long from, long to);
  }

  /// Does the tasks from 0 to `count`, at least `grain` in a row, each thread with a workspace.
  public static <B> void run(
      CpuBackend backend, Tiles<B> tiles, long count, long grain, Share<Workspace<B>> share) {
    run(backend, () -> new Workspace<>(tiles, backend.scratch()), count, grain, share);
  }

  /// Does the tasks from 0 to `count`, at least `grain` in a row.
  public static <K extends Kept> void run(
      CpuBackend backend, Supplier<K> maker, long count, long grain, Share<K> share) {
    Queue<K> idle = new ConcurrentLinkedQueue<>();
    backend
        .threads()
        .forRange(
            count,
            grain,
            (from, to) -> {
              K before = idle.poll();
              K kept = before == null ? maker.get() : before;
              share.run(kept, from, to);
              idle.add(kept);
            });
    idle.forEach(Kept::close);
  }
}
