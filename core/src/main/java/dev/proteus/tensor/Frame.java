package dev.proteus.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The bodies made inside a memory scope or inside the definition of an operator, and the calls
/// recorded inside a memory scope. Confined to the thread of its scope.
final class Frame {
  private final List<TensorBody> bodies = new ArrayList<>();

  /// Calls recorded in the memory scope around this frame; null where there is none.
  private final @Nullable List<Node> nodes;

  private Frame(@Nullable List<Node> nodes) {
    this.nodes = nodes;
  }

  /// The frame of a memory scope.
  static Frame ofScope() {
    return new Frame(new ArrayList<>());
  }

  /// The frame of something that runs inside another frame, or in none.
  static Frame inside(@Nullable Frame outer) {
    return new Frame(outer == null ? null : outer.nodes);
  }

  void add(Node node) {
    if (nodes != null) {
      nodes.add(node);
    }
  }

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

  /// Ends a memory scope: disowns its bodies, and frees the calls recorded in it that nobody can
  /// reach any more from `results` or from kept bodies.
  void end(List<TensorBody> results) {
    if (nodes != null && !nodes.isEmpty()) {
      List<TensorBody> alive = new ArrayList<>(results);
      bodies.stream().filter(TensorBody::isKept).forEach(alive::add);
      Set<Node> reachable = Reach.from(alive);
      for (Node node : nodes) {
        if (!reachable.contains(node)) {
          node.free();
        }
      }
      nodes.clear();
    }
    releaseAll();
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
