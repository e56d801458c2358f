package dev.proteus.nn;

import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.ModuleTensor;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What belongs to one module, by name, in order of registration (rules SD-1 to SD-9). Confined to
/// the thread that builds the module.
final class Registry {
  private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
  private final SequencedMap<String, Buffer> buffers = new LinkedHashMap<>();
  private final SequencedMap<String, Persistence> persistence = new LinkedHashMap<>();
  private final SequencedMap<String, Module> children = new LinkedHashMap<>();

  /// What was registered here so far, what replaced children had seen included: it only grows.
  private long registered;

  SequencedMap<String, Parameter> parameters() {
    return parameters;
  }

  SequencedMap<String, Buffer> buffers() {
    return buffers;
  }

  SequencedMap<String, Module> children() {
    return children;
  }

  /// A number that grows whenever a parameter or module is registered in the tree.
  long registrations() {
    return children.values().stream().mapToLong(Module::registrations).sum() + registered;
  }

  /// Parameters, then buffers, whether they persist or not.
  SequencedMap<String, ModuleTensor> tensors() {
    SequencedMap<String, ModuleTensor> all = new LinkedHashMap<>(parameters);
    all.putAll(buffers);
    return all;
  }

  /// What a state dict has of the module itself: parameters, then persistent buffers (rule SD-11).
  SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> state = new LinkedHashMap<>(parameters);
    buffers.forEach((name, buffer) -> {
      if (persistence.get(name) == Persistence.PERSISTENT) {
        state.put(name, buffer);
      }
    });
    return state;
  }

  Parameter add(Module owner, String name, Parameter given) {
    check(owner, "parameter", name, List.of(buffers, children));
    Parameter parameter = hooked(owner, ModuleHooks.current().parameters(), name, given);
    if (!parameter.isLeaf()) {
      throw new IllegalArgumentException(
          "parameter: '%s' of %s is not a leaf; detach it first (rule SD-1)"
              .formatted(name, owner.typeName()));
    }
    parameters.put(name, parameter);
    registered++;
    return parameter;
  }

  Buffer add(Module owner, String name, Buffer given, Persistence kept) {
    check(owner, "buffer", name, List.of(parameters, children));
    Buffer buffer = hooked(owner, ModuleHooks.current().buffers(), name, given);
    buffers.put(name, buffer);
    persistence.put(name, kept);
    return buffer;
  }

  <M extends Module> M add(Module owner, String name, M given) {
    check(owner, "module", name, List.of(parameters, buffers));
    M child =
        sameClass(owner, name, given, hooked(owner, ModuleHooks.current().modules(), name, given));
    Module replaced = children.put(name, child);
    registered += 1 + (replaced == null ? 0 : replaced.registrations());
    return child;
  }

  /// Takes away a module.
  void remove(String child) {
    Module removed = children.remove(child);
    registered += 1 + (removed == null ? 0 : removed.registrations());
  }

  private static <T> T hooked(Module owner, List<RegistrationHook<T>> hooks, String name, T given) {
    T value = given;
    for (RegistrationHook<T> hook : hooks) {
      Optional<T> other = hook.apply(owner, name, value);
      value = other.orElse(value);
    }
    return value;
  }

  /// The owner has a field for a module of the class that it made, so no other can take its place.
  @SuppressWarnings("unchecked") // both are of M's class
  private static <M extends Module> M sameClass(Module owner, String name, M given, Module child) {
    if (child.getClass() != given.getClass()) {
      throw new IllegalArgumentException(
          "module: a hook replaced '%s' of %s, a %s, by a %s; it must be of the same class (rule"
                  .formatted(name, owner.typeName(), given.typeName(), child.typeName())
              + " SD-9)");
    }
    return (M) child;
  }

  private static void check(Module owner, String kind, String name, List<Map<String, ?>> others) {
    if (name.isEmpty() || name.contains(".")) {
      throw new IllegalArgumentException(
          "%s: '%s' is no name in %s; it must not be empty nor contain a dot (rule SD-1)"
              .formatted(kind, name, owner.typeName()));
    }
    for (Map<String, ?> other : others) {
      if (other.containsKey(name)) {
        throw new IllegalArgumentException(
            "%s: %s has something else named '%s' already (rule SD-1)"
                .formatted(kind, owner.typeName(), name));
      }
    }
  }

  /// The modules below `head`, one a line.
  String print(String head) {
    StringBuilder text = new StringBuilder(head);
    children.forEach((name, child) ->
        text.append("\n  (")
            .append(name)
            .append("): ")
            .append(child.toString().replace("\n", "\n  ")));
    return text.append(children.isEmpty() ? ")" : "\n)").toString();
  }
}
