package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.Tiles;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Threads that share numbered tasks, each with a workspace that it keeps from task to task.
final class Team {
  private Team() {}

  /// Some of the tasks.
  ///
  /// @param <B> `float[]` or `double[]`
  @FunctionalInterface
  interface Share<B> {
    /// Does the tasks from `from` to `to`, exclusive.
    void run(Workspace<B> work, long from, long to);
  }

  /// Does the tasks from 0 to `count`, at least `grain` in a row.
  static <B> void run(CpuBackend backend, Tiles<B> tiles, long count, long grain, Share<B> share) {
    Queue<Workspace<B>> idle = new ConcurrentLinkedQueue<>();
    backend
        .threads()
        .forRange(
            count,
            grain,
            (from, to) -> {
              Workspace<B> kept = idle.poll();
              Workspace<B> work = kept == null ? new Workspace<>(tiles, backend.scratch()) : kept;
              share.run(work, from, to);
              idle.add(work);
            });
    idle.forEach(Workspace::close);
  }
}
