package dev.proteus.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Modules by name, for a module that decides itself what to do with them.
public final class ModuleDict<M extends Module> extends Module {
  private final SequencedMap<String, M> modules = new LinkedHashMap<>();

  public ModuleDict() {}

  public ModuleDict(Map<String, ? extends M> modules) {
    modules.forEach(this::put);
  }

  /// Adds a module, or replaces the one of this name.
  ///
  /// @return `module`, or what a registration hook of [ModuleHooks] put in its place
  public <N extends M> N put(String name, N module) {
    N registered = module(name, module);
    modules.put(name, registered);
    return registered;
  }

  public Optional<M> get(String name) {
    return Optional.ofNullable(modules.get(name));
  }

  /// All modules by name; cannot be changed.
  public SequencedMap<String, M> modules() {
    return Collections.unmodifiableSequencedMap(modules);
  }
}
