package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.StaleGraphException;
import dev.proteus.tensor.BackwardOptions.Graph;
import dev.proteus.type.TensorSpec;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Walks a graph from its roots and brings gradients to the leaves.
///
/// **Order.** Every recorded call has a sequence number larger than those of the calls it depends
/// on, so serving the largest number first means that a call is served only when all of its
/// gradients have arrived (rule AG-16). A queue does it; nothing recurses, so a graph may be as
/// deep as memory allows. Leaves come last.
///
/// **Memory.** A gradient on its way holds a share of its body, taken when it is put into `pending`
/// and given back when its target was served. The frame of the pass owns everything a derivative
/// makes and is emptied after each call; so a gradient's storage is free as soon as the last target
/// that waits for it was served, and a pass needs little more than the widest cut of the graph. A
/// saved tensor is given back with its node, unless the graph is retained. A gradient whose pending
/// share is the only one may be added to in place, and may become a leaf's `grad` without a copy
/// (rule AG-12).
///
/// **Selection.** With wanted inputs, only calls from which one of them can be reached are served.
///
/// One engine makes one pass and is confined to its thread; hooks may start another.
final class BackwardEngine {
  private final BackwardOptions options;
  private final Frame frame = Frame.inside(Scope.current().frame());
  private final IdentityHashMap<GradTarget, @Nullable Tensor[]> pending = new IdentityHashMap<>();
  private final PriorityQueue<GradTarget> queue =
      new PriorityQueue<>(Comparator.comparingLong(GradTarget::sequence).reversed());
  private final Optional<Wanted> wanted;
  private final boolean detectsAnomaly = Scope.current().recording().detectsAnomaly();

  private BackwardEngine(BackwardOptions options, Optional<Wanted> wanted) {
    this.options = options;
    this.wanted = wanted;
  }

  /// Accumulates gradients into the leaves, or into the wanted ones.
  static void backward(List<Tensor> roots, List<Tensor> grads, BackwardOptions options) {
    Optional<Wanted> wanted =
        options.inputs().map(inputs -> new Wanted(inputs, Wanted.Use.ACCUMULATE));
    new BackwardEngine(options, wanted).run(roots, grads);
  }

  /// The gradients of the wanted inputs, which stay as they are.
  static List<Tensor> grad(
      List<Tensor> roots, List<Tensor> grads, List<Tensor> inputs, BackwardOptions options) {
    Wanted wanted = new Wanted(inputs, Wanted.Use.RETURN);
    new BackwardEngine(options, Optional.of(wanted)).run(roots, grads);
    List<Tensor> results = wanted.results(options.unused());
    Frame outer = Scope.current().frame();
    if (outer != null) {
      results.forEach(r -> outer.adopt(r.body()));
    }
    return results;
  }

  private void run(List<Tensor> roots, List<Tensor> grads) {
    Scope.Grad mode = options.graph() == Graph.CREATE ? Scope.Grad.ENABLED : Scope.Grad.DISABLED;
    Scope scope = Scope.current().withGrad(mode).withFrame(frame);
    scope.call(() -> {
      try {
        start(roots, grads);
        drain();
      } finally {
        abandon();
      }
      return Optional.empty();
    });
  }

  private void start(List<Tensor> roots, List<Tensor> grads) {
    for (int i = 0; i < roots.size(); i++) {
      TensorBody root = roots.get(i).body();
      Edge edge = Recorder.edge(root);
      if (edge == null) {
        throw new AutogradException(
            "backward: the tensor "
                + root.spec()
                + " does not require grad and has no history (rule AG-10)");
      }
      Tensor grad = grads.isEmpty() ? implicit(root.spec(), roots.get(i)) : grads.get(i);
      if (!grad.spec().shape().equals(root.spec().shape())) {
        throw new ShapeException(
            "backward: the gradient given is "
                + grad.spec().shape()
                + ", the tensor is "
                + root.spec().shape()
                + "; they must be the same (rule AG-10)");
      }
      deliver(edge, fitted(grad, root.spec(), "backward"));
    }
    frame.releaseAll();
  }

  private static Tensor implicit(TensorSpec spec, Tensor root) {
    if (spec.numel() != 1) {
      throw new AutogradException(
          "backward: the tensor "
              + spec
              + " has "
              + spec.numel()
              + " elements; give a gradient, or reduce it to one element first (rule AG-10)");
    }
    return root.ones(spec);
  }

  private void drain() {
    GradTarget target = queue.poll();
    while (target != null) {
      @Nullable Tensor[] grads = pending.remove(target);
      if (grads != null) {
        try {
          switch (target) {
            case Node node -> serve(node, grads.clone());
            case Accumulator leaf -> serve(leaf, grads[0]);
          }
        } finally {
          frame.releaseAll();
          giveBack(grads);
        }
      }
      target = queue.poll();
    }
  }

  private void abandon() {
    pending.values().forEach(BackwardEngine::giveBack);
    pending.clear();
    frame.releaseAll();
  }

  private static void giveBack(@Nullable Tensor[] grads) {
    for (Tensor grad : grads) {
      if (grad != null) {
        grad.body().release();
      }
    }
  }

  private void serve(Node node, @Nullable Tensor[] grads) {
    for (int i = 0; i < grads.length; i++) {
      Tensor grad = grads[i];
      if (grad != null) {
        grads[i] = hooked(node, i, grad);
      }
    }
    if (wanted.isPresent() && !wanted.get().leadsOn(node)) {
      return;
    }
    if (node.isFreed()) {
      throw new AutogradException(
          node.name()
              + ": its saved tensors were freed by an earlier backward; for a second time,"
              + " pass BackwardOptions with Graph.RETAIN to the first (rule AG-11)");
    }
    NodeBackward call = new NodeBackward(node, grads, i -> isWanted(node, i), frame);
    List<@Nullable Tensor> results = derivative(node, call);
    if (results.size() != node.inputCount()) {
      throw new AutogradException(
          node.name()
              + ": backward returned "
              + results.size()
              + " gradients for "
              + node.inputCount()
              + " operands (rule AG-18)");
    }
    for (int i = 0; i < results.size(); i++) {
      Edge edge = node.edge(i);
      Tensor grad = results.get(i);
      if (edge != null && grad != null && isWanted(node, i)) {
        if (detectsAnomaly) {
          checkNumbers(node, i, grad);
        }
        deliver(edge, checked(node, i, grad));
      }
    }
    if (options.graph() == Graph.FREE) {
      node.free();
    }
  }

  private static List<@Nullable Tensor> derivative(Node node, NodeBackward call) {
    try {
      return Scope.current()
          .forDefinitions()
          .<List<@Nullable Tensor>>call(() -> node.rule().backward(call));
    } catch (RuntimeException e) {
      Origin origin = node.origin();
      if (origin != null) {
        e.addSuppressed(origin);
      }
      throw e;
    }
  }

  /// Fails at a gradient with NaN and tells where the call was made (rule AG-19).
  private static void checkNumbers(Node node, int input, Tensor grad) {
    if (grad.device().isMeta() || !Scope.noGrad(() -> grad.isnan().any().itemBoolean())) {
      return;
    }
    String found =
        node.name()
            + ": its derivative gave NaN in the gradient of operand "
            + input
            + ", "
            + node.inputSpec(input);
    Origin origin = node.origin();
    if (origin == null) {
      throw new AutogradException(
          found + "; make the call inside Scope.detectAnomaly, too, to see where (rule AG-19)");
    }
    throw new AutogradException(
        found + "; the cause shows where it was called (rule AG-19)", origin);
  }

  private boolean isWanted(Node node, int input) {
    Edge edge = node.edge(input);
    return edge != null && (wanted.isEmpty() || wanted.get().wants(edge.target()));
  }

  private Tensor hooked(Node node, int output, Tensor grad) {
    OutputHooks hooks = node.hooks(output);
    Tensor seen = grad;
    if (hooks != null) {
      seen = callHooks(hooks.hooks(), grad);
      Tape retained = hooks.retained();
      if (retained != null) {
        seen.body().keep();
        retained.grad(options.graph() == Graph.CREATE ? seen : seen.detach());
      }
    }
    if (wanted.isPresent()) {
      wanted.get().capture(new Edge(node, output), seen);
    }
    return seen;
  }

  private static Tensor callHooks(List<TensorHook> hooks, Tensor grad) {
    Tensor seen = grad;
    for (TensorHook hook : hooks) {
      seen.body().keep();
      Tensor before = seen;
      Tensor replaced = hook.apply(seen).orElse(before);
      if (!replaced.spec().shape().equals(before.spec().shape())) {
        throw new ShapeException(
            "hook: the gradient "
                + before.spec().shape()
                + " was replaced by one of shape "
                + replaced.spec().shape()
                + "; a hook must keep the size (rule AG-40)");
      }
      seen = replaced;
    }
    return seen;
  }

  private static Tensor checked(Node node, int input, Tensor grad) {
    TensorSpec spec = node.inputSpec(input);
    if (!grad.spec().shape().equals(spec.shape())) {
      throw new ShapeException(
          node.name()
              + ": returned an invalid gradient at index "
              + input
              + ": got "
              + grad.spec().shape()
              + ", expected "
              + spec.shape()
              + " (rule AG-13)");
    }
    return fitted(grad, spec, node.name());
  }

  /// The gradient in its tensor's type; that of a scalar that joined operands elsewhere comes home
  /// (rule BC-5).
  private static Tensor fitted(Tensor grad, TensorSpec spec, String operator) {
    if (!grad.spec().device().equals(spec.device())) {
      if (Placement.mayJoin(spec)) {
        return grad.to(spec.device(), spec.dtype());
      }
      throw new AutogradException(
          operator
              + ": a gradient is on "
              + grad.spec().device()
              + ", its tensor on "
              + spec.device()
              + " (rule AG-13)");
    }
    return grad.to(spec.dtype());
  }

  /// Adds a gradient to what waits at an edge.
  private void deliver(Edge edge, Tensor grad) {
    GradTarget target = edge.target();
    @Nullable Tensor[] waiting = pending.get(target);
    if (waiting == null) {
      waiting = new Tensor[target instanceof Node node ? node.outputCount() : 1];
      pending.put(target, waiting);
      queue.add(target);
    }
    Tensor before = waiting[edge.output()];
    if (before == null) {
      grad.body().retain();
      waiting[edge.output()] = grad;
    } else if (options.graph() != Graph.CREATE && isWritable(before.body())) {
      before.add_(grad);
    } else {
      Tensor sum = before.add(grad);
      sum.body().retain();
      waiting[edge.output()] = sum;
      before.body().release();
    }
  }

  private static boolean isWritable(TensorBody body) {
    return body.isExclusive() && !body.layout().overlapsItself();
  }

  private void serve(Accumulator leaf, @Nullable Tensor arrived) {
    if (arrived == null) {
      return;
    }
    if (leaf.isStale()) {
      throw new StaleGraphException(
          "backward: the leaf "
              + leaf.body().spec()
              + " was swapped or converted after the graph was recorded; change device or dtype"
              + " before forward, or after backward (rule SW-30)");
    }
    Tape tape = leaf.body().tapeOrNew();
    Tensor grad = callHooks(tape.hooks(), arrived);
    boolean accumulates = true;
    if (wanted.isPresent()) {
      accumulates = wanted.get().accumulates(leaf);
      wanted.get().capture(new Edge(leaf, 0), grad);
    }
    if (accumulates) {
      accumulate(leaf.body(), tape, grad);
      for (PostAccumulateHook hook : tape.postAccumulateHooks()) {
        hook.accept(tape.handle().orElseGet(() -> new Tensor(leaf.body())));
      }
    }
  }

  /// Leaves shared by concurrent passes take gradients one at a time (rule AG-17).
  private void accumulate(TensorBody body, Tape tape, Tensor grad) {
    synchronized (body) {
      Tensor before = tape.grad();
      if (before == null) {
        tape.grad(first(grad));
      } else if (options.graph() == Graph.CREATE) {
        Tensor sum = before.add(grad);
        sum.body().keep();
        tape.grad(sum);
      } else {
        Scope.noGrad(() -> before.add_(grad));
      }
    }
  }

  /// The gradient itself where nobody else has it, else a copy.
  private Tensor first(Tensor grad) {
    if (options.graph() == Graph.CREATE) {
      grad.body().keep();
      return grad;
    }
    if (grad.body().layout().isContiguous() && grad.body().isExclusive()) {
      grad.body().keep();
      return grad;
    }
    Tensor copy = grad.detach().clone();
    copy.body().keep();
    return copy;
  }
}
