package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import dev.proteus.op.Backward;
import dev.proteus.op.Composite;
import dev.proteus.op.Differentiable;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Passes tensors on as they are, and their gradients by way of a hook.
record Watch(GradientsHook hook) implements Composite, Differentiable {
  /// One recorded call over all of `bodies`.
  static Node node(GradientsHook hook, List<TensorBody> bodies, Scope scope) {
    Watch op = new Watch(hook);
    @Nullable Edge[] edges = new Edge[bodies.size()];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = Recorder.edge(bodies.get(i));
    }
    List<TensorSpec> specs = bodies.stream().map(TensorBody::spec).toList();
    Node node = new Node(op, op, edges, bodies, specs, specs, Saved.NONE, scope);
    Frame frame = scope.frame();
    if (frame != null) {
      frame.add(node);
    }
    return node;
  }

  /// `body` as a result of the call.
  static Tensor alias(TensorBody body, Node node, int output, Scope scope) {
    TensorBody alias = body.alias();
    Recorder.connect(alias, node, output);
    Frame frame = scope.frame();
    if (frame != null) {
      frame.add(alias);
    }
    return new Tensor(alias);
  }

  /// Whether a write into `body` would go past a hook.
  static boolean guards(TensorBody body) {
    Tape tape = body.root().tape();
    Node node = tape == null ? null : tape.node();
    return node != null && node.rule() instanceof Watch;
  }

  /// What the hook makes of the gradients that arrived.
  List<@Nullable Tensor> seen(@Nullable Tensor[] grads) {
    List<Optional<Tensor>> arrived = new ArrayList<>();
    for (Tensor grad : grads) {
      arrived.add(Optional.ofNullable(grad));
    }
    arrived.forEach(grad -> grad.ifPresent(Scope::keep));
    List<Optional<Tensor>> passed = hook.apply(List.copyOf(arrived));
    if (passed.size() != grads.length) {
      throw new AutogradException(
          "hook: invalid number of gradients: got "
              + passed.size()
              + ", expected "
              + grads.length
              + " (rule SD-53)");
    }
    List<@Nullable Tensor> results = new ArrayList<>();
    passed.forEach(grad -> results.add(grad.orElse(null)));
    return results;
  }

  @Override
  public String name() {
    return "watch";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    return inputs;
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    return inputs;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    List<@Nullable T> grads = new ArrayList<>();
    for (int i = 0; i < g.inputs(); i++) {
      grads.add(g.needs(i) ? g.grad(i) : null);
    }
    return grads;
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.NONE;
  }
}
