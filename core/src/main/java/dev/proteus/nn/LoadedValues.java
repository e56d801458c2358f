package dev.proteus.nn;

import dev.proteus.error.StateDictException;
import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.nn.Loading.Entry;
import dev.proteus.state.LoadOptions;
import dev.proteus.tensor.BodyChange;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.ModuleLoad;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.SwapPolicy;
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

  /// The content that `target` will get: for a copy in its kind, its type, on its device and in
  /// memory that no other write of this load reaches; to be assigned, a tensor that nobody else has
  /// (rules SD-30, SD-31, SD-34, SD-40). The given tensor stays as it is.
  private Tensor prepared(Tensor target, Entry entry) {
    return switch (how) {
      case COPY -> {
        Tensor fitting = ModuleLoad.copy(target, entry.value());
        boolean isGiven = fitting == entry.value();
        yield isGiven && isWritten(fitting, target) ? fitting.clone() : fitting;
      }
      case ASSIGN -> ModuleLoad.assign(target, entry.value());
      case ASSIGN_COPY -> ModuleLoad.assign(target, entry.value()).clone();
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
    return how == LoadOptions.Values.COPY && target.device().isMeta() && !target.isUninitialized();
  }

  /// Whether a copy gives a tensor another content instead of writing into its own: one of a kind,
  /// and one that has none yet (rule SD-63).
  private static boolean isReplaced(Tensor target) {
    return target.isUninitialized() || Kind.of(target).isPresent();
  }

  /// A content that is not the given tensor's.
  private static Replacement replacement(Tensor target, Tensor content, Entry entry) {
    return new Replacement(target, content == entry.value() ? content.clone() : content);
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
      case COPY -> copyAll();
      case ASSIGN, ASSIGN_COPY -> {
        Map<Tensor, Tensor> contents = new LinkedHashMap<>();
        values.forEach((target, entry) -> contents.put(target, preparedOrNamed(target, entry)));
        assign(contents);
      }
    }
  }

  private Tensor preparedOrNamed(Tensor target, Entry entry) {
    try {
      return prepared(target, entry);
    } catch (UnsupportedOperatorException e) {
      throw refused(entry, e);
    }
  }

  /// Contents first; then plain tensors are written, and others get another content.
  private void copyAll() {
    List<Change> writes = new ArrayList<>();
    List<Replacement> replaced = new ArrayList<>();
    values.forEach((target, entry) -> {
      if (isLost(target)) {
        return;
      }
      Tensor content = preparedOrNamed(target, entry);
      if (isReplaced(target)) {
        replaced.add(replacement(target, content, entry));
      } else {
        writes.add(copy(target, content, entry));
      }
    });
    Change.all(writes, () -> replaceAll(replaced));
  }

  private static Change copy(Tensor target, Tensor content, Entry entry) {
    Tensor before = target.clone();
    return new Change(() -> named(entry, () -> target.copy_(content)), () -> target.copy_(before));
  }

  /// The module's tensors take over the given contents and lose their gradients (rule SD-31).
  private static void assign(Map<Tensor, Tensor> contents) {
    List<Replacement> replacements = new ArrayList<>();
    contents.forEach((target, content) -> replacements.add(new Replacement(target, content)));
    replaceAll(replacements);
    contents.keySet().forEach(Tensor::clearGrad);
  }

  /// Observers hear that it was a load.
  private static void replaceAll(List<Replacement> replacements) {
    Tensor.replaceAll(replacements, BodyChange.Cause.LOAD, SwapPolicy.DEFAULT);
  }

  private static void named(Entry entry, Runnable write) {
    try {
      write.run();
    } catch (RuntimeException e) {
      throw refused(entry, e);
    }
  }

  private static StateDictException refused(Entry entry, RuntimeException e) {
    return new StateDictException(
        "load: '%s' could not take %s, and nothing has changed: %s"
            .formatted(entry.name(), entry.value().spec(), e.getMessage()),
        e);
  }

  // ---- what can be

  /// Writes what can be written and tells of the rest, a line for each (rules SD-22, SD-25).
  void writeEach(Consumer<String> failed) {
    extras.forEach(
        (module, entry) -> attempt(entry, () -> module.setExtraState(entry.value()), failed));
    values.forEach((target, entry) -> {
      if (!isLost(target)) {
        attempt(entry, () -> Scope.memory(() -> write(target, entry)), failed);
      }
    });
  }

  private void write(Tensor target, Entry entry) {
    Tensor content = prepared(target, entry);
    switch (how) {
      case COPY -> {
        if (isReplaced(target)) {
          replaceAll(List.of(replacement(target, content, entry)));
        } else {
          target.copy_(content);
        }
      }
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
