package dev.proteus.nn;

import dev.proteus.error.StateDictException;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.LoadReport;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes a state dict into a module, in two phases (rule SD-25): first every name and value is
/// checked; then [LoadedValues] writes them, all or none.
final class Loading {
  private final Module root;
  private final StateDict source;
  private final LoadOptions options;

  private final List<String> missing = new ArrayList<>();
  private final List<String> unexpected = new ArrayList<>();
  private final List<String> mismatched = new ArrayList<>();
  private final List<String> conflicting = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  /// The value for each tensor; of a tied one, the last (rule SD-35).
  private final Map<Tensor, Entry> values = new LinkedHashMap<>();

  private final Map<ExtraState, Entry> extras = new LinkedHashMap<>();

  /// One value and where it goes.
  ///
  /// @param name its path from the root
  record Entry(String name, Tensor value) {}

  Loading(Module root, StateDict source, LoadOptions options) {
    this.root = root;
    this.source = source;
    this.options = options;
  }

  LoadReport run() {
    collect("", root, options.renaming().apply(source));
    LoadedValues writing = new LoadedValues(values, extras, options.values());
    switch (options.failure()) {
      case UNDONE -> {
        refuse("has not changed");
        writing.writeAll();
      }
      case PARTIAL -> {
        writing.writeEach(errors::add);
        refuse("has taken what does");
      }
    }
    root.apply(Module::onBodiesReplaced);
    return report();
  }

  private LoadReport report() {
    return new LoadReport(missing, unexpected, mismatched, stillMeta(), conflicting);
  }

  // ---- names

  /// Matches a module's own names, then its children's with what lies under theirs (rule SD-21).
  private void collect(String path, Module module, StateDict given) {
    int knownMissing = missing.size();
    int knownUnexpected = unexpected.size();
    StateDict edited = given;
    for (LoadPreHook hook : module.stateHooks().beforeLoad()) {
      edited = hook.apply(module, path, edited, options);
    }
    StateDict state = module.upgrade(edited, edited.version(""));
    own(path, module, state);
    module
        .children()
        .forEach((name, child) -> collect(Paths.join(path, name), child, state.under(name + ".")));
    for (LoadHook hook : module.stateHooks().afterLoad()) {
      List<String> missingHere = missing.subList(knownMissing, missing.size());
      List<String> unexpectedHere = unexpected.subList(knownUnexpected, unexpected.size());
      IncompatibleKeys keys = new IncompatibleKeys(missingHere, unexpectedHere);
      IncompatibleKeys left = hook.apply(module, keys);
      replace(missingHere, left.missing());
      replace(unexpectedHere, left.unexpected());
    }
  }

  private static void replace(List<String> part, List<String> names) {
    part.clear();
    part.addAll(names);
  }

  private void own(String path, Module module, StateDict state) {
    Map<String, Tensor> own = module.registry().state();
    own.forEach((name, target) ->
        state
            .find(name)
            .ifPresentOrElse(
                value -> match(Paths.join(path, name), target, value),
                () -> missing.add(Paths.join(path, name))));
    if (module instanceof ExtraState extra) {
      String name = Paths.join(path, ExtraState.KEY);
      state
          .find(ExtraState.KEY)
          .ifPresentOrElse(
              value -> extras.put(extra, new Entry(name, value)), () -> missing.add(name));
    }
    for (String name : state.tensors().keySet()) {
      if (!isKnown(name, module, own)) {
        unexpected.add(Paths.join(path, name));
      }
    }
  }

  private static boolean isKnown(String name, Module module, Map<String, Tensor> own) {
    int dot = name.indexOf('.');
    return dot < 0
        ? own.containsKey(name) || module instanceof ExtraState && name.equals(ExtraState.KEY)
        : module.children().containsKey(name.substring(0, dot));
  }

  // ---- values

  private void match(String name, Tensor target, Tensor given) {
    if (given.isUninitialized()) {
      refuseUnlessUninitialized(name, target);
      return;
    }
    Tensor value = given;
    boolean isShaped = !target.isUninitialized();
    if (isShaped && target.rank() == 0 && value.rank() == 1 && value.numel() > 0) {
      value = Scope.noGrad(() -> given.select(0, 0));
    }
    if (isShaped && !value.shape().equals(target.shape())) {
      mismatch(name, target.shape(), given.shape());
      return;
    }
    String obstacle = obstacle(target, value);
    if (!obstacle.isEmpty()) {
      errors.add("'%s': %s".formatted(name, obstacle));
      return;
    }
    Entry before = values.put(target, new Entry(name, value));
    if (before != null && !sameValues(before.value, value)) {
      conflicting.add(name);
    }
  }

  /// A value without a shape leaves a tensor without one as it is and fits no other; a tensor
  /// without a shape takes any value (rule SD-63).
  private void refuseUnlessUninitialized(String name, Tensor target) {
    if (!target.isUninitialized()) {
      errors.add(
          "'%s': the given tensor is uninitialized, the module's has shape %s (rule SD-63)"
              .formatted(name, target.shape()));
    }
  }

  private void mismatch(String name, Shape wanted, Shape given) {
    switch (options.shapes()) {
      case SKIP -> mismatched.add(name);
      case FAIL ->
          errors.add(
              "size mismatch for '%s': the state dict has %s, the module %s"
                  .formatted(name, given, wanted));
    }
  }

  /// Why `value` cannot be written, or nothing.
  private String obstacle(Tensor target, Tensor value) {
    return switch (options.values()) {
      case COPY -> {
        if (value.device().isMeta() && !target.device().isMeta()) {
          yield "the given tensor is on meta and has no data (rule SD-38)";
        }
        if (target.isInference() && Scope.grad() != Scope.Grad.INFERENCE) {
          yield "the module's tensor was made in inference mode; load with assign (rule AG-31)";
        }
        yield !target.isUninitialized() && target.layout().overlapsItself()
            ? "the module's tensor has elements that share memory; load with assign"
            : "";
      }
      case ASSIGN, ASSIGN_COPY ->
          target.requiresGrad() && !value.dtype().isFloating()
              ? "the given tensor is %s; only floating types can require grad (rule SD-33)"
                  .formatted(value.dtype())
              : "";
    };
  }

  private static boolean sameValues(Tensor a, Tensor b) {
    if (a == b) {
      return true;
    }
    Optional<Kind<?>> kind = Kind.of(a);
    if (!kind.equals(Kind.of(b))) {
      return false;
    }
    if (kind.isPresent()) {
      return sameParts(kind.get().parts(a), kind.get().parts(b));
    }
    return a.device().isMeta()
        || b.device().isMeta()
        || Scope.noGrad(() -> Scope.memory(() -> !a.to(b.device()).ne(b).any().itemBoolean()));
  }

  private static boolean sameParts(Parts a, Parts b) {
    return a.attributes().equals(b.attributes())
        && a.tensors().keySet().equals(b.tensors().keySet())
        && a.tensors().keySet().stream()
            .allMatch(name -> sameValues(a.tensor(name), b.tensor(name)));
  }

  // ---- what is said

  /// Names of what has no data after this load, or would have none.
  private List<String> stillMeta() {
    Map<String, Tensor> contents = new LinkedHashMap<>(root.namedTensors());
    contents.replaceAll((_, tensor) -> content(tensor));
    contents.values().removeIf(content -> !content.device().isMeta());
    return List.copyOf(contents.keySet());
  }

  /// What holds a tensor's content after this load: a copy stays on the tensor's device.
  private Tensor content(Tensor tensor) {
    return switch (options.values()) {
      case COPY -> tensor;
      case ASSIGN, ASSIGN_COPY ->
          Optional.ofNullable(values.get(tensor)).map(Entry::value).orElse(tensor);
    };
  }

  private void refuse(String outcome) {
    List<String> lines = new ArrayList<>();
    LoadReport report = report();
    if (options.names() == LoadOptions.Names.STRICT) {
      addLine(lines, "missing: ", missing);
      addLine(lines, "unexpected: ", report.unexpectedWithSuggestions());
    }
    lines.addAll(errors);
    if (options.meta() == LoadOptions.Meta.REFUSED) {
      addLine(lines, "still on meta: ", report.stillMeta());
    }
    if (!lines.isEmpty()) {
      throw new StateDictException(
          "load: the state dict does not fit %s, which %s:\n  %s"
              .formatted(root.typeName(), outcome, String.join("\n  ", lines)));
    }
  }

  private static void addLine(List<String> lines, String what, List<String> names) {
    if (!names.isEmpty()) {
      lines.add(what + String.join(", ", names));
    }
  }
}
