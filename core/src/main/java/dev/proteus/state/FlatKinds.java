package dev.proteus.state;

import dev.proteus.error.StateDictException;
import dev.proteus.error.TensorException;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// Kinds as formats of files see them, which know plain tensors and texts only (rules SC-15,
/// SC-20).
///
/// A tensor `name` of a kind is written as its parts, `name.part`, and its attributes as metadata,
/// `proteus.attribute.name.attribute`; the metadata `proteus.kind.name` is the kind's name. Parts
/// and attributes have no dots in their names, so it is clear to which tensor they belong.
final class FlatKinds {
  private static final String KIND = "proteus.kind.";
  private static final String ATTRIBUTE = "proteus.attribute.";

  private FlatKinds() {}

  /// What a format without texts can hold is plain.
  ///
  /// @throws StateDictException if something is of a kind
  static void checkPlain(StateDict state, String format) {
    state
        .tensors()
        .forEach((name, tensor) ->
            Kind.of(tensor)
                .ifPresent(kind -> {
                  throw new StateDictException(
                      "save: '%s' is of the kind %s, for which %s has no place; use safetensors"
                          .formatted(name, kind.name(), format));
                }));
  }

  // ---- to parts

  static StateDict flattened(StateDict state) {
    if (state.tensors().values().stream().allMatch(tensor -> Kind.of(tensor).isEmpty())) {
      return state;
    }
    StateDict.Builder flat = StateDict.builder();
    state.metadata().forEach(flat::metadata);
    state.versions().forEach(flat::version);
    for (Map.Entry<String, Tensor> entry : state.tensors().entrySet()) {
      String name = entry.getKey();
      Tensor tensor = entry.getValue();
      Optional<Kind<?>> kind = Kind.of(tensor);
      if (kind.isPresent()) {
        checkAlone(name, state);
        flat.metadata(KIND + name, kind.get().name());
        write(name, kind.get().parts(tensor), flat);
      } else {
        flat.put(name, tensor);
      }
    }
    return flat.build();
  }

  private static void write(String name, Parts parts, StateDict.Builder flat) {
    parts.tensors().forEach((part, tensor) -> flat.put(joined(name, part), tensor));
    parts
        .attributes()
        .forEach((attribute, text) -> flat.metadata(ATTRIBUTE + joined(name, attribute), text));
  }

  private static String joined(String name, String part) {
    if (part.indexOf('.') >= 0) {
      throw new StateDictException(
          "save: '%s' has a part '%s'; files take names of parts without dots"
              .formatted(name, part));
    }
    return name + "." + part;
  }

  private static void checkAlone(String name, StateDict state) {
    for (String other : state.tensors().keySet()) {
      if (other.startsWith(name + ".")) {
        throw new StateDictException(
            "save: '%s' is of a kind, so its parts need the names below it, but there is '%s'"
                .formatted(name, other));
      }
    }
  }

  // ---- from parts

  static StateDict unflattened(StateDict flat, List<Kind<?>> kinds) {
    SequencedMap<String, Kind<?>> wrapped = new LinkedHashMap<>();
    StateDict.Builder state = StateDict.builder();
    flat.versions().forEach(state::version);
    flat.metadata()
        .forEach((key, text) -> {
          if (key.startsWith(KIND)) {
            String name = key.substring(KIND.length());
            wrapped.put(name, known(name, text, kinds));
          } else if (!key.startsWith(ATTRIBUTE)) {
            state.metadata(key, text);
          }
        });
    if (wrapped.isEmpty()) {
      return flat;
    }
    SequencedMap<String, Parts> found = new LinkedHashMap<>();
    wrapped.keySet().forEach(name -> found.put(name, attributes(name, flat)));
    flat.tensors()
        .forEach((name, tensor) -> {
          String owner = owner(name);
          if (!wrapped.containsKey(owner)) {
            state.put(name, tensor);
            return;
          }
          // Stands for the whole until all its parts are found.
          state.put(owner, tensor);
          found.computeIfPresent(owner, (_, parts) -> parts.and(part(name), tensor));
        });
    found.forEach((name, parts) ->
        state.put(name, assembled(name, Objects.requireNonNull(wrapped.get(name)), parts)));
    return state.build();
  }

  private static Kind<?> known(String name, String text, List<Kind<?>> kinds) {
    return kinds.stream()
        .filter(kind -> kind.name().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new StateDictException(
                "state dict: '%s' is of the kind %s; given are %s, so pass that kind, too"
                    .formatted(name, text, kinds)));
  }

  private static Parts attributes(String name, StateDict flat) {
    SequencedMap<String, String> attributes = new LinkedHashMap<>();
    flat.metadata()
        .forEach((key, text) -> {
          if (owner(key).equals(ATTRIBUTE + name)) {
            attributes.put(part(key), text);
          }
        });
    return new Parts(new LinkedHashMap<>(), attributes);
  }

  private static Tensor assembled(String name, Kind<?> kind, Parts parts) {
    try {
      return kind.assemble(parts);
    } catch (TensorException | IllegalArgumentException e) {
      throw new StateDictException(
          "state dict: '%s' is no %s: %s".formatted(name, kind.name(), e.getMessage()), e);
    }
  }

  private static String owner(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private static String part(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
