package dev.proteus.tensor;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The recorded calls that tensors depend on.
final class Reach {
  private Reach() {}

  /// All calls reachable from these bodies, without recursion.
  static Set<Node> from(List<TensorBody> bodies) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>();
    for (TensorBody body : bodies) {
      visit(Recorder.edge(body), seen, open);
    }
    while (!open.isEmpty()) {
      Node node = open.pop();
      for (int i = 0; i < node.inputCount(); i++) {
        visit(node.edge(i), seen, open);
      }
    }
    return seen;
  }

  private static void visit(@Nullable Edge edge, Set<Node> seen, Deque<Node> open) {
    if (edge != null && edge.target() instanceof Node node && seen.add(node)) {
      open.push(node);
    }
  }
}
