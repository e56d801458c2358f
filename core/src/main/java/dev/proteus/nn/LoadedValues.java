package dev.proteus.nn;

import dev.proteus.error.StateDictException;
import dev.proteus.nn.Loading.Entry;
import dev.proteus.state.LoadOptions;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The values that a load brings to tensors and modules, once they are known to fit.
final class LoadedValues {
  private final Map<Tensor, Entry> values;
  private final Map<ExtraState, Entry> extras;
  private final LoadOptions.Values how;

  LoadedValues(Map<Tensor, Entry> values, Map<ExtraState, Entry> extras, LoadOptions.Values how) {
    this.values = values;
    this.extras = extras;
    this.how = how;
  }

  /// The content that `target` will get: for a copy in its type, on its device and in memory that
  /// no other write of this load reaches; to be assigned, a tensor that nobody else has (rules
  /// SD-30, SD-31, SD-34). The given tensor stays as it is.
  private Tensor prepared(Tensor target, Tensor value) {
    return switch (how) {
      case COPY -> {
        Tensor fitting = value.to(target.device(), target.dtype());
        yield fitting == value && isWritten(value, target) ? fitting.clone() : fitting;
      }
      case ASSIGN -> value.detach();
      case ASSIGN_COPY -> value.detach().clone();
    };
  }

  /// Whether writing another tensor of this load would change `value`, as where a module's own
  /// state dict is loaded under exchanged names.
  private boolean isWritten(Tensor value, Tensor target) {
    return values.keySet().stream().anyMatch(t -> t != target && t.sharesStorageWith(value));
  }

  /// Whether there is nowhere to write to: a copy does not give a tensor on meta any data (rule
  /// SD-22).
  private boolean isLost(Tensor target) {
    return how == LoadOptions.Values.COPY && target.device().isMeta();
  }

  // ---- all or nothing

  /// Writes everything, or nothing if anything fails. Contents are made before the first write.
  void writeAll() {
    List<Change> states = new ArrayList<>();
    extras.forEach((module, entry) -> states.add(stateChange(module, entry)));
    Scope.noGrad(() -> Change.all(states, () -> Scope.memory(this::writeTensors)));
  }

  private static Change stateChange(ExtraState module, Entry entry) {
    Tensor before = module.extraState();
    return new Change(
        () -> named(entry, () -> module.setExtraState(entry.value())),
        () -> module.setExtraState(before));
  }

  private void writeTensors() {
    switch (how) {
      case COPY -> {
        List<Change> writes = new ArrayList<>();
        values.forEach((target, entry) -> {
          if (!isLost(target)) {
            writes.add(copy(target, entry));
          }
        });
        Change.all(writes, () -> {});
      }
      case ASSIGN, ASSIGN_COPY -> {
        Map<Tensor, Tensor> contents = new LinkedHashMap<>();
        values.forEach((target, entry) -> contents.put(target, prepared(target, entry.value())));
        assign(contents);
      }
    }
  }

  private Change copy(Tensor target, Entry entry) {
    Tensor content = prepared(target, entry.value());
    Tensor before = target.clone();
    return new Change(() -> named(entry, () -> target.copy_(content)), () -> target.copy_(before));
  }

  /// The module's tensors take over the given contents and lose their gradients (rule SD-31).
  private static void assign(Map<Tensor, Tensor> contents) {
    List<Replacement> replacements = new ArrayList<>();
    contents.forEach((target, content) -> replacements.add(new Replacement(target, content)));
    Tensor.replaceAll(replacements);
    contents.keySet().forEach(Tensor::clearGrad);
  }

  private static void named(Entry entry, Runnable write) {
    try {
      write.run();
    } catch (RuntimeException e) {
      throw new StateDictException(
          "load: '%s' could not take %s, and nothing has changed: %s"
              .formatted(entry.name(), entry.value().spec(), e.getMessage()),
          e);
    }
  }

  // ---- what can be

  /// Writes what can be written and tells of the rest, a line for each (rules SD-22, SD-25).
  void writeEach(Consumer<String> failed) {
    extras.forEach(
        (module, entry) -> attempt(entry, () -> module.setExtraState(entry.value()), failed));
    values.forEach((target, entry) -> {
      if (!isLost(target)) {
        attempt(entry, () -> Scope.memory(() -> write(target, entry.value())), failed);
      }
    });
  }

  private void write(Tensor target, Tensor value) {
    Tensor content = prepared(target, value);
    switch (how) {
      case COPY -> target.copy_(content);
      case ASSIGN, ASSIGN_COPY -> assign(Map.of(target, content));
    }
  }

  private static void attempt(Entry entry, Runnable write, Consumer<String> failed) {
    try {
      Scope.noGrad(write);
    } catch (RuntimeException e) {
      failed.accept(
          "'%s' could not take %s: %s"
              .formatted(entry.name(), entry.value().spec(), e.getMessage()));
    }
  }
}
