package dev.proteus.nn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/// Modules by place, for a module that decides itself what to do with them.
public final class ModuleList<M extends Module> extends Module implements Iterable<M> {
  private final List<M> modules = new ArrayList<>();

  public ModuleList() {}

  public ModuleList(Collection<? extends M> modules) {
    modules.forEach(this::add);
  }

  /// Adds a module at the end.
  ///
  /// @return `module`, or what a registration hook of [ModuleHooks] put in its place
  public <N extends M> N add(N module) {
    N registered = module(String.valueOf(modules.size()), module);
    modules.add(registered);
    return registered;
  }

  public M get(int place) {
    return modules.get(place);
  }

  public int size() {
    return modules.size();
  }

  @Override
  public Iterator<M> iterator() {
    return List.copyOf(modules).iterator();
  }
}
