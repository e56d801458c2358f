package dev.proteus.nn;

import dev.proteus.error.AutogradException;
import dev.proteus.tensor.GradientsHook;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The backward pass over one call of a module, as hooks see it (rule SD-53). Two passes over one
/// recorded call must not run at the same time, as they would tell each other's gradients.
final class BackwardHooks {
  private final Module module;
  private final CallHooks hooks;
  private int inputs;
  private boolean endsAtInputs;

  /// What the pass in progress entered the module with.
  private List<Tensor> gradOutputs = List.of();

  BackwardHooks(Module module, CallHooks hooks) {
    this.module = module;
    this.hooks = hooks;
  }

  /// The inputs, watched where gradients flow to them.
  List<Tensor> inputs(List<Tensor> given) {
    inputs = given.size();
    endsAtInputs = given.stream().anyMatch(Tensor::requiresGrad);
    return hooks.afterBackward().isEmpty() ? given : GradientsHook.watch(given, this::left);
  }

  /// The output, watched if gradients flow to it.
  Tensor output(Tensor output) {
    return GradientsHook.watch(List.of(output), this::entered).getFirst();
  }

  private List<Optional<Tensor>> entered(List<Optional<Tensor>> grads) {
    List<Tensor> seen = grads.stream().flatMap(Optional::stream).toList();
    for (BackwardPreHook hook : hooks.beforeBackward()) {
      List<Tensor> other = hook.apply(module, seen).orElse(seen);
      checkCount("output", seen.size(), other.size());
      seen = other;
    }
    seen.forEach(Scope::keep);
    gradOutputs = seen;
    if (!endsAtInputs) {
      leftNowhere();
    }
    return seen.stream().map(Optional::of).toList();
  }

  private List<Optional<Tensor>> left(List<Optional<Tensor>> grads) {
    List<Optional<Tensor>> seen = grads;
    for (BackwardHook hook : hooks.afterBackward()) {
      List<Optional<Tensor>> other = hook.apply(module, seen, gradOutputs).orElse(seen);
      checkCount("input", seen.size(), other.size());
      seen = other;
    }
    gradOutputs = List.of();
    return seen;
  }

  /// No input requires grad, so backward does not come by when it leaves: hooks see it now.
  private void leftNowhere() {
    List<Optional<Tensor>> none = Collections.nCopies(inputs, Optional.empty());
    if (left(none).stream().anyMatch(Optional::isPresent)) {
      throw new AutogradException(
          "backward hook: no input of %s requires grad, so no gradient is there to replace (SD-53)"
              .formatted(module.typeName()));
    }
  }

  private void checkCount(String kind, int wanted, int given) {
    if (given != wanted) {
      throw new AutogradException(
          "backward hook: invalid number of gradients for the %ss of %s: got %s, expected %s"
                  .formatted(kind, module.typeName(), given, wanted)
              + " (rule SD-53)");
    }
  }
}
