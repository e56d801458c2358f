package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tensors whose gradients one backward pass is asked for, and the part of the graph that leads
/// to them.
final class Wanted {
  /// What becomes of the gradients.
  enum Use {
    /// They are added to the tensors' own.
    ACCUMULATE,
    /// They are returned and nothing else changes (rule AG-14).
    RETURN
  }

  private final List<Tensor> inputs;
  private final List<Edge> edges = new ArrayList<>();
  private final @Nullable Tensor[] captured;
  private final Use use;
  private final IdentityHashMap<GradTarget, Boolean> reaches = new IdentityHashMap<>();

  Wanted(List<Tensor> inputs, Use use) {
    this.inputs = inputs;
    this.use = use;
    this.captured = new Tensor[inputs.size()];
    for (Tensor input : inputs) {
      Edge edge = Recorder.edge(input.body());
      if (edge == null) {
        throw new AutogradException(
            "grad: the input " + input.spec() + " does not require grad (rule AG-14)");
      }
      edges.add(edge);
    }
  }

  /// Whether a call must be served although it may itself be wanted: some input lies beyond it.
  boolean leadsOn(Node node) {
    for (int i = 0; i < node.inputCount(); i++) {
      Edge edge = node.edge(i);
      if (edge != null && wants(edge.target())) {
        return true;
      }
    }
    return false;
  }

  /// Whether `target` is wanted or leads to one that is. Walks without recursion, each call once.
  boolean wants(GradTarget target) {
    Boolean known = reaches.get(target);
    if (known != null) {
      return known;
    }
    Deque<GradTarget> open = new ArrayDeque<>();
    open.push(target);
    while (!open.isEmpty()) {
      GradTarget top = open.peek();
      if (reaches.containsKey(top)) {
        open.pop();
      } else if (isWanted(top)) {
        reaches.put(top, true);
      } else if (!pushUnknown(top, open)) {
        reaches.put(top, anyReaches(top));
      }
    }
    return Boolean.TRUE.equals(reaches.get(target));
  }

  private boolean isWanted(GradTarget target) {
    return edges.stream().anyMatch(e -> e.target() == target);
  }

  private boolean pushUnknown(GradTarget target, Deque<GradTarget> open) {
    boolean pushed = false;
    if (target instanceof Node node) {
      for (int i = 0; i < node.inputCount(); i++) {
        Edge edge = node.edge(i);
        if (edge != null && !reaches.containsKey(edge.target())) {
          open.push(edge.target());
          pushed = true;
        }
      }
    }
    return pushed;
  }

  private boolean anyReaches(GradTarget target) {
    return target instanceof Node node && leadsOnKnown(node);
  }

  private boolean leadsOnKnown(Node node) {
    for (int i = 0; i < node.inputCount(); i++) {
      Edge edge = node.edge(i);
      if (edge != null && Boolean.TRUE.equals(reaches.get(edge.target()))) {
        return true;
      }
    }
    return false;
  }

  boolean accumulates(Accumulator leaf) {
    return use == Use.ACCUMULATE && isWanted(leaf);
  }

  void capture(Edge edge, Tensor grad) {
    if (use == Use.ACCUMULATE) {
      return;
    }
    for (int i = 0; i < edges.size(); i++) {
      Edge candidate = edges.get(i);
      if (candidate.target() == edge.target() && candidate.output() == edge.output()) {
        grad.body().keep();
        captured[i] = grad;
      }
    }
  }

  /// The captured gradients, in the order of the inputs.
  List<Tensor> results(BackwardOptions.Unused unused) {
    List<Tensor> results = new ArrayList<>(captured.length);
    for (int i = 0; i < captured.length; i++) {
      Tensor grad = captured[i];
      results.add(grad != null ? grad : unused(i, unused));
    }
    return results;
  }

  private Tensor unused(int index, BackwardOptions.Unused unused) {
    Tensor input = inputs.get(index);
    return switch (unused) {
      case ZEROS -> input.zeros(input.spec());
      case FAIL ->
          throw new AutogradException(
              "grad: the outputs do not depend on input "
                  + index
                  + ", "
                  + input.spec()
                  + "; ask for zeros with BackwardOptions.Unused.ZEROS (rule AG-14)");
    };
  }
}
