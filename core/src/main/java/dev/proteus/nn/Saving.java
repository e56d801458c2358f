package dev.proteus.nn;

import dev.proteus.state.StateDict;
import dev.proteus.tensor.Tensor;

/// Makes the state dict of a tree of modules (rules SD-11 to SD-16).
final class Saving {
  private final Handles handles;

  Saving(Handles handles) {
    this.handles = handles;
  }

  /// What lies at and below `module`, by path from there.
  StateDict collect(String path, Module module) {
    module.stateHooks().beforeSave().forEach(hook -> hook.accept(module, path, handles));
    StateDict.Builder all = module.saved(own(module)).toBuilder();
    module
        .children()
        .forEach((name, child) ->
            all.putAll(collect(Paths.join(path, name), child).prefixed(name + ".")));
    StateDict state = all.build();
    for (StateDictHook hook : module.stateHooks().afterSave()) {
      state = hook.apply(module, path, state);
    }
    return state;
  }

  private StateDict own(Module module) {
    StateDict.Builder own = StateDict.builder().version("", module.stateVersion());
    module.registry().state().forEach((name, tensor) -> own.put(name, handle(tensor)));
    if (module instanceof ExtraState extra) {
      own.put(ExtraState.KEY, extra.extraState());
    }
    return own.build();
  }

  private Tensor handle(Tensor tensor) {
    return switch (handles) {
      case DETACHED -> tensor.detach();
      case LIVE -> tensor;
    };
  }
}
