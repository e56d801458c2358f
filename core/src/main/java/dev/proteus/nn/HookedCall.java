package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// One call of a module between the hooks of the scope and its own (rules SD-50 to SD-54).
final class HookedCall {
  private final Module module;
  private final CallHooks outer;
  private final CallHooks own;

  /// As far as the call has come: what hooks of its end are shown.
  private List<Tensor> inputs;

  private HookedCall(Module module, CallHooks outer, CallHooks own, List<Tensor> inputs) {
    this.module = module;
    this.outer = outer;
    this.own = own;
    this.inputs = inputs;
  }

  static Tensor run(
      Module module, CallHooks own, List<Tensor> inputs, Function<List<Tensor>, Tensor> compute) {
    CallHooks outer = ModuleHooks.current().calls();
    return outer.isEmpty() && own.isEmpty()
        ? compute.apply(inputs)
        : new HookedCall(module, outer, own, inputs).run(compute);
  }

  private Tensor run(Function<List<Tensor>, Tensor> compute) {
    Tensor output;
    try {
      output = between(compute);
    } catch (RuntimeException | Error e) {
      end(Optional.empty(), e::addSuppressed);
      throw e;
    }
    List<RuntimeException> failures = new ArrayList<>();
    end(Optional.of(output), failures::add);
    if (!failures.isEmpty()) {
      RuntimeException first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
    return output;
  }

  private Tensor between(Function<List<Tensor>, Tensor> compute) {
    before(outer);
    before(own);
    if (!outer.seesGradients() && !own.seesGradients()) {
      return after(compute.apply(inputs));
    }
    BackwardHooks backward = new BackwardHooks(module, outer.and(own));
    List<Tensor> watched = backward.inputs(inputs);
    return backward.output(after(compute.apply(watched)));
  }

  private void before(CallHooks hooks) {
    for (ForwardPreHook hook : hooks.before()) {
      inputs = hook.apply(module, inputs).orElse(inputs);
    }
  }

  private Tensor after(Tensor output) {
    return after(outer, after(own, output));
  }

  private Tensor after(CallHooks hooks, Tensor given) {
    Tensor output = given;
    for (ForwardHook hook : hooks.after()) {
      output = hook.apply(module, inputs, output).orElse(output);
    }
    return output;
  }

  /// Each hook has its turn, whatever others throw.
  private void end(Optional<Tensor> output, Consumer<RuntimeException> failed) {
    for (CallHooks hooks : List.of(own, outer)) {
      for (AlwaysHook hook : hooks.always()) {
        try {
          hook.accept(module, inputs, output);
        } catch (RuntimeException e) {
          failed.accept(e);
        }
      }
    }
  }
}
