package dev.proteus.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bodies made inside a memory scope or inside the definition of an operator. Confined to the
/// thread of its scope.
final class Frame {
  private final List<TensorBody> bodies = new ArrayList<>();

  void add(TensorBody body) {
    bodies.add(body);
  }

  /// Takes a kept body into this frame's care.
  void adopt(TensorBody body) {
    body.unkeep();
    bodies.add(body);
  }

  /// Disowns all bodies but `results`, whose owner is whoever receives them.
  void releaseExcept(List<TensorBody> results) {
    for (TensorBody body : bodies) {
      if (!containsIdentity(results, body)) {
        body.disown();
      }
    }
    bodies.clear();
  }

  void releaseAll() {
    bodies.forEach(TensorBody::disown);
    bodies.clear();
  }

  /// Leaves `body` to the frame outside, or to the garbage collector where there is none.
  void handOver(TensorBody body, @Nullable Frame outer) {
    if (outer != null) {
      outer.add(body);
    }
    bodies.removeIf(b -> b == body);
  }

  private static boolean containsIdentity(List<TensorBody> bodies, TensorBody body) {
    for (TensorBody candidate : bodies) {
      if (candidate == body) {
        return true;
      }
    }
    return false;
  }
}
