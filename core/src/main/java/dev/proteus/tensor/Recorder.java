package dev.proteus.tensor;

import dev.proteus.op.Differentiable;
import dev.proteus.op.Op;
import dev.proteus.op.Saved;
import dev.proteus.op.View;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Hangs nodes on results, and finds the edge that leads from a body into its graph.
final class Recorder {
  private Recorder() {}

  static boolean anyRequiresGrad(List<TensorBody> bodies) {
    for (int i = 0; i < bodies.size(); i++) {
      if (requiresGrad(bodies.get(i))) {
        return true;
      }
    }
    return false;
  }

  /// Whether gradients flow to `body`; a view of a base written in place takes part in the base's
  /// graph (rule AG-23).
  static boolean requiresGrad(TensorBody body) {
    Tape tape = body.tape();
    if (tape != null && tape.requiresGrad()) {
      return true;
    }
    return body.isView() && isOutdated(body) && edge(body) != null;
  }

  /// Runs `op` without recording and hangs one node on its results.
  static List<TensorBody> record(Op op, Differentiable rule, List<TensorBody> inputs, Scope scope) {
    List<TensorSpec> specs = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      specs.add(inputs.get(i).spec());
    }
    if (!rule.isDifferentiable(specs)) {
      return Dispatcher.compute(op, inputs, scope);
    }
    List<TensorBody> results = Dispatcher.compute(op, inputs, scope);
    hang(op, rule, inputs, specs, results, scope);
    return results;
  }

  private static void hang(
      Op op,
      Differentiable rule,
      List<TensorBody> inputs,
      List<TensorSpec> specs,
      List<TensorBody> results,
      Scope scope) {
    Saved saved = rule.saved(specs);
    @Nullable Edge[] edges = new Edge[inputs.size()];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = edge(inputs.get(i));
    }
    List<TensorSpec> resultSpecs = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      resultSpecs.add(results.get(i).spec());
    }
    Node node = new Node(op, rule, edges, inputs, specs, resultSpecs, saved, scope);
    for (int i = 0; i < results.size(); i++) {
      if (node.hasGradient(i)) {
        connect(results.get(i), node, i);
      }
    }
    node.saveOutputs(saved, results, scope);
    Frame frame = scope.frame();
    if (frame != null) {
      frame.add(node);
    }
  }

  static void connect(TensorBody body, Node node, int output) {
    Tape tape = body.tapeOrNew();
    tape.node(node, output);
    if (body.isView()) {
      tape.generation(generation(body.root()));
    }
  }

  /// Where gradients of `body` go, or null if nowhere.
  static @Nullable Edge edge(TensorBody body) {
    if (body.isView() && isOutdated(body)) {
      regenerate(body);
    }
    Tape tape = body.tape();
    if (tape == null) {
      return null;
    }
    Node node = tape.node();
    if (node != null) {
      return new Edge(node, tape.output());
    }
    return tape.requiresGrad() ? new Edge(tape.accumulator(body), 0) : null;
  }

  private static int generation(TensorBody root) {
    Tape tape = root.tape();
    return tape == null ? 0 : tape.generation();
  }

  private static boolean isOutdated(TensorBody view) {
    int now = generation(view.root());
    Tape tape = view.tape();
    return now != (tape == null ? 0 : tape.generation());
  }

  /// Derives the view's node again from the rewritten history of its base (rule AG-23).
  private static void regenerate(TensorBody body) {
    TensorBody parent = body.parent();
    View view = body.view();
    if (parent == null || view == null) {
      return;
    }
    Edge edge = edge(parent);
    Tape tape = body.tapeOrNew();
    tape.generation(generation(body.root()));
    if (edge == null || !view.isDifferentiable(List.of(parent.spec()))) {
      tape.node(null, 0);
      return;
    }
    @Nullable Edge[] edges = {edge};
    Node node =
        new Node(
            view,
            view,
            edges,
            List.of(parent),
            List.of(parent.spec()),
            List.of(body.spec()),
            Saved.NONE,
            Scope.current());
    tape.node(node, 0);
  }

  /// Another body with the same content and the same place in the graph.
  static TensorBody connectedAlias(TensorBody body) {
    TensorBody alias = body.alias();
    Edge edge = edge(body);
    if (edge != null) {
      connect(alias, edge);
    }
    return alias;
  }

  static void connect(TensorBody alias, Edge edge) {
    Tape tape = alias.tapeOrNew();
    switch (edge.target()) {
      case Node node -> tape.node(node, edge.output());
      case Accumulator leaf -> tape.standInFor(leaf);
    }
  }
}
