package dev.proteus.nn;

import dev.proteus.tensor.HookHandle;
import java.util.List;

/// Where a hook goes among those of its sort (rule SD-50).
public enum HookOrder {
  /// After those registered before it.
  LAST,
  /// Before all others.
  FIRST;

  <H> HookHandle add(List<H> hooks, H hook) {
    return switch (this) {
      case LAST -> HookHandle.added(hooks, hook);
      case FIRST -> HookHandle.addedFirst(hooks, hook);
    };
  }
}
