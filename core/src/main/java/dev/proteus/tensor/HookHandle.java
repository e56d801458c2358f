package dev.proteus.tensor;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// The way to take a hook off again (rules AG-42, SD-55).
@FunctionalInterface
public interface HookHandle {
  /// Removes the hook; calling it again does nothing.
  void remove();

  /// Adds `hook` to `hooks`, and gives the way to take this one registration off again, also where
  /// the same hook was registered twice.
  static <H> HookHandle added(List<H> hooks, H hook) {
    hooks.addLast(hook);
    return removal(hooks, hook);
  }

  /// As [#added(List, Object)], before all others.
  static <H> HookHandle addedFirst(List<H> hooks, H hook) {
    hooks.addFirst(hook);
    return removal(hooks, hook);
  }

  private static <H> HookHandle removal(List<H> hooks, H hook) {
    AtomicBoolean present = new AtomicBoolean(true);
    return () -> {
      if (present.compareAndSet(true, false)) {
        hooks.remove(hook);
      }
    };
  }
}
