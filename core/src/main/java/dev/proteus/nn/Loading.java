package dev.proteus.nn;

import dev.proteus.error.StateDictException;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.LoadReport;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.BodyChange;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.SwapPolicy;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Takes a state dict into a module, in two phases (rule SD-25): first every name and value is
/// checked and every value brought into the form it will have; then all are written, which cannot
/// fail.
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
  private final Map<Tensor, Tensor> values = new LinkedHashMap<>();

  Loading(Module root, StateDict source, LoadOptions options) {
    this.root = root;
    this.source = source;
    this.options = options;
  }

  LoadReport run() {
    collect("", root, source);
    LoadReport report = report();
    refuse(report);
    Scope.noGrad(() -> {
      switch (options.values()) {
        case COPY -> copy();
        case ASSIGN -> assign();
      }
    });
    return report();
  }

  private LoadReport report() {
    return new LoadReport(missing, unexpected, mismatched, stillMeta(), conflicting);
  }

  private List<String> stillMeta() {
    List<String> names = new ArrayList<>();
    root.namedParameters().forEach((name, p) -> addIfMeta(names, name, p));
    root.namedBuffers().forEach((name, b) -> addIfMeta(names, name, b));
    return names;
  }

  private static void addIfMeta(List<String> names, String name, Tensor tensor) {
    if (tensor.device().isMeta()) {
      names.add(name);
    }
  }

  // ---- names

  /// Matches a module's own names, then its children's with what lies under theirs (rule SD-21).
  private void collect(String path, Module module, StateDict given) {
    StateDict state = module.upgrade(given, source.version(path));
    Map<String, Tensor> own = module.ownState();
    own.forEach((name, target) ->
        state
            .find(name)
            .ifPresentOrElse(
                value -> match(Paths.join(path, name), target, value),
                () -> missing.add(Paths.join(path, name))));
    for (String name : state.tensors().keySet()) {
      int dot = name.indexOf('.');
      boolean known =
          dot < 0 ? own.containsKey(name) : module.children().containsKey(name.substring(0, dot));
      if (!known) {
        unexpected.add(Paths.join(path, name));
      }
    }
    module
        .children()
        .forEach((name, child) -> collect(Paths.join(path, name), child, state.under(name + ".")));
  }

  // ---- values

  private void match(String name, Tensor target, Tensor given) {
    Tensor value = given;
    if (target.rank() == 0 && value.rank() == 1 && value.numel() > 0) {
      value = Scope.noGrad(() -> given.select(0, 0));
    }
    if (!value.shape().equals(target.shape())) {
      mismatch(name, target.shape(), given.shape());
      return;
    }
    String obstacle = obstacle(target, value);
    if (!obstacle.isEmpty()) {
      errors.add("'%s': %s".formatted(name, obstacle));
      return;
    }
    Tensor before = values.put(target, value);
    if (before != null && !sameValues(before, value)) {
      conflicting.add(name);
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
        yield target.layout().overlapsItself()
            ? "the module's tensor has elements that share memory; load with assign"
            : "";
      }
      case ASSIGN ->
          target.requiresGrad() && !value.dtype().isFloating()
              ? "the given tensor is %s; only floating types can require grad (rule SD-33)"
                  .formatted(value.dtype())
              : "";
    };
  }

  private static boolean sameValues(Tensor a, Tensor b) {
    if (a.sharesStorageWith(b) || a.device().isMeta() || b.device().isMeta()) {
      return true;
    }
    return Scope.noGrad(() -> Scope.memory(() -> !a.to(b.device()).ne(b).any().itemBoolean()));
  }

  private void refuse(LoadReport report) {
    List<String> lines = new ArrayList<>();
    if (options.names() == LoadOptions.Names.STRICT) {
      if (!missing.isEmpty()) {
        lines.add("missing: " + String.join(", ", missing));
      }
      if (!unexpected.isEmpty()) {
        lines.add(
            unexpected.stream()
                .map(name -> name + report.suggestion(name).map(" (for %s?)"::formatted).orElse(""))
                .collect(Collectors.joining(", ", "unexpected: ", "")));
      }
    }
    lines.addAll(errors);
    if (!lines.isEmpty()) {
      throw new StateDictException(
          "load: the state dict does not fit %s, which has not changed:\n  %s"
              .formatted(root.typeName(), String.join("\n  ", lines)));
    }
  }

  // ---- writing

  /// Values of another type or device are converted before the first is written. Tensors on meta
  /// have nowhere to write to and stay as they are (rule SD-22).
  private void copy() {
    Scope.memory(() -> {
      values.keySet().removeIf(target -> target.device().isMeta());
      values.replaceAll((target, value) -> value.to(target.device(), target.dtype()));
      values.forEach(Tensor::copy_);
    });
  }

  /// The module's tensors take over the given storages and lose their gradients (rule SD-31).
  private void assign() {
    List<Replacement> replacements = new ArrayList<>();
    values.forEach((target, value) -> replacements.add(new Replacement(target, value.detach())));
    Tensor.replaceAll(replacements, BodyChange.Cause.LOAD, SwapPolicy.DEFAULT);
    values.keySet().forEach(Tensor::clearGrad);
    root.apply(Module::onBodiesReplaced);
  }
}
