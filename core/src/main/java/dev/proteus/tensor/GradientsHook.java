package dev.proteus.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A function that sees the gradients of several tensors together when a backward pass has them
/// all, and may replace them.
@FunctionalInterface
public interface GradientsHook {
  /// The gradients to pass on, as many and of the same shapes.
  ///
  /// @param grads one for each tensor; empty where it requires none or the pass found none
  List<Optional<Tensor>> apply(List<Optional<Tensor>> grads);

  /// The same tensors, with `hook` in the way of their gradients. Those that require grad are
  /// aliases with one recorded call between, and cannot be written in place, for the write would go
  /// past the hook (rule SD-54). Where nothing is recorded, these are the tensors themselves.
  static List<Tensor> watch(List<Tensor> tensors, GradientsHook hook) {
    Scope scope = Scope.current();
    List<TensorBody> bodies = Bodies.of(tensors);
    if (!scope.records() || !Recorder.anyRequiresGrad(bodies)) {
      return tensors;
    }
    Node node = Watch.node(hook, bodies, scope);
    List<Tensor> watched = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      watched.add(
          node.edge(i) == null ? tensors.get(i) : Watch.alias(bodies.get(i), node, i, scope));
    }
    return watched;
  }
}
