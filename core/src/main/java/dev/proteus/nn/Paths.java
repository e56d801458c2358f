package dev.proteus.nn;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/// Names in a tree of modules.
final class Paths {
  private Paths() {}

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /// What `members` has at the end of `path`.
  ///
  /// @throws IllegalStateException naming the module that lacks something (rule SD-7)
  static <V> V find(
      Module root, String path, String kind, Function<Module, Map<String, V>> members) {
    Module module = root;
    String rest = path;
    for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
      module = present(module, rest.substring(0, dot), "module", Module::children, path);
      rest = rest.substring(dot + 1);
    }
    return present(module, rest, kind, members, path);
  }

  private static <V> V present(
      Module module,
      String name,
      String kind,
      Function<Module, Map<String, V>> members,
      String path) {
    Map<String, V> known = members.apply(module);
    V value = known.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "%s '%s': %s has no %s '%s'; it has %s"
              .formatted(kind, path, module.typeName(), kind, name, known.keySet()));
    }
    return value;
  }

  /// The modules of a tree, parents before children.
  static SequencedMap<String, Module> modules(Module root, Duplicates duplicates) {
    SequencedMap<String, Module> found = new LinkedHashMap<>();
    collect("", root, new Seen<>(duplicates), found);
    return found;
  }

  private static void collect(
      String path, Module module, Seen<Module> seen, Map<String, Module> found) {
    if (seen.isNew(module)) {
      found.put(path, module);
      module.children().forEach((name, child) -> collect(join(path, name), child, seen, found));
    }
  }

  /// The members of all modules of a tree.
  static <V> SequencedMap<String, V> members(
      Module root, Duplicates duplicates, Function<Module, Map<String, V>> own) {
    SequencedMap<String, V> found = new LinkedHashMap<>();
    Seen<V> seen = new Seen<>(duplicates);
    modules(root, duplicates)
        .forEach((path, module) ->
            own.apply(module)
                .forEach((name, member) -> {
                  if (seen.isNew(member)) {
                    found.put(join(path, name), member);
                  }
                }));
    return found;
  }

  /// What was met before, by identity.
  private static final class Seen<V> {
    private final Duplicates duplicates;
    private final Set<V> met = Collections.newSetFromMap(new IdentityHashMap<>());

    Seen(Duplicates duplicates) {
      this.duplicates = duplicates;
    }

    boolean isNew(V value) {
      return met.add(value) || duplicates == Duplicates.KEEP;
    }
  }
}
