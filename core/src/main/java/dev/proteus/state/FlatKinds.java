package dev.proteus.state;

import dev.proteus.error.StateDictException;
import dev.proteus.error.TensorException;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Tensor;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Kinds as formats of files see them, which know plain tensors and texts only (rules SC-15,
/// SC-20).
///
/// A tensor `name` of a kind is written as its parts, `name.part`, and its attributes as metadata,
/// `proteus.attribute.name.attribute`; the metadata `proteus.kind.name` is the kind's name. Parts
/// and attributes have no dots in their names, so it is clear to which tensor they belong. A part
/// that is of a kind itself is written in the same way, and put together first.
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
    return flattened(flat.build());
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

  /// What a file has of a tensor of a kind.
  private record Whole(
      Kind<?> kind, SequencedMap<String, Tensor> tensors, SequencedMap<String, String> attributes) {
    Whole(Kind<?> kind) {
      this(kind, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    Tensor assembled(String name) {
      try {
        return kind.assemble(new Parts(tensors, attributes));
      } catch (TensorException | IllegalArgumentException e) {
        throw new StateDictException(
            "state dict: '%s' is no %s: %s".formatted(name, kind.name(), e.getMessage()), e);
      }
    }
  }

  static StateDict unflattened(StateDict flat, List<Kind<?>> kinds) {
    Map<String, Whole> wholes = wholes(flat, kinds);
    if (wholes.isEmpty()) {
      return flat;
    }
    StateDict.Builder state = StateDict.builder();
    flat.versions().forEach(state::version);
    flat.metadata()
        .forEach((key, text) -> {
          if (key.startsWith(ATTRIBUTE)) {
            String name = key.substring(ATTRIBUTE.length());
            whole(name, wholes).ifPresent(whole -> whole.attributes().put(part(name), text));
          } else if (!key.startsWith(KIND)) {
            state.metadata(key, text);
          }
        });
    flat.tensors()
        .forEach((name, tensor) -> {
          // Keeps the place of a whole until all its parts are found.
          state.put(outermost(name, wholes), tensor);
          whole(name, wholes).ifPresent(whole -> whole.tensors().put(part(name), tensor));
        });
    for (String name : innermostFirst(wholes.keySet())) {
      Tensor made = Objects.requireNonNull(wholes.get(name)).assembled(name);
      whole(name, wholes)
          .ifPresentOrElse(
              outer -> outer.tensors().put(part(name), made), () -> state.put(name, made));
    }
    return state.build();
  }

  private static Map<String, Whole> wholes(StateDict flat, List<Kind<?>> kinds) {
    Map<String, Whole> wholes = new LinkedHashMap<>();
    flat.metadata()
        .forEach((key, text) -> {
          if (key.startsWith(KIND)) {
            String name = key.substring(KIND.length());
            wholes.put(name, new Whole(known(name, text, kinds)));
          }
        });
    return wholes;
  }

  /// Names of parts are longer than those of what they are part of.
  private static List<String> innermostFirst(Set<String> names) {
    return names.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
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

  /// What this is a part or an attribute of.
  private static Optional<Whole> whole(String name, Map<String, Whole> wholes) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? Optional.empty() : Optional.ofNullable(wholes.get(name.substring(0, dot)));
  }

  private static String outermost(String name, Map<String, Whole> wholes) {
    String outermost = name;
    while (whole(outermost, wholes).isPresent()) {
      outermost = outermost.substring(0, outermost.lastIndexOf('.'));
    }
    return outermost;
  }

  private static String part(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
