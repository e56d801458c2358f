package dev.proteus.optim;

import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Where the parameters of a group come from, as long as somebody else holds the module.
///
/// Asking costs a sum over the tree; names are looked up only after something was registered.
final class Membership {
  private static final System.Logger LOG = System.getLogger(Optimizer.class.getName());

  private final WeakReference<Module> module;
  private final Set<Tensor> lost = new HashSet<>();
  private long registrations;

  Membership(Module module) {
    this.module = new WeakReference<>(module);
    registrations = module.registrations();
  }

  /// Warns of parameters that are no longer the module's, of each once.
  void check(List<Tensor> parameters, List<String> names) {
    Module origin = module.get();
    if (origin == null || origin.registrations() == registrations) {
      return;
    }
    registrations = origin.registrations();
    Set<Tensor> present = new HashSet<>(origin.parameters());
    List<String> newlyLost = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      if (!present.contains(parameters.get(i)) && lost.add(parameters.get(i))) {
        newlyLost.add("'" + names.get(i) + "'");
      }
    }
    if (!newlyLost.isEmpty()) {
      warn(String.join(", ", newlyLost), origin);
    }
  }

  private static void warn(String names, Module origin) {
    LOG.log(
        System.Logger.Level.WARNING,
        "step: %s of the optimizer no longer belongs to the %s it was made from, where something"
                .formatted(names, origin.getClass().getSimpleName())
            + " else was registered in its place; what is there now is not stepped. Swap or load"
            + " content instead, or make a new optimizer");
  }
}
