package dev.proteus.nn;

import dev.proteus.tensor.Call;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// The parameters of one module that are computed, by name.
///
/// The module's code goes on reading its parameter. While the module computes, an interpreter of
/// the thread's scope sees each operator that gets the parameter and gives it the computed value
/// instead. So no layer knows of this, nothing is written, and threads do not disturb each other.
final class Parametrizations extends Module {
  static final String NAME = "parametrizations";

  /// The values of the forwards in progress: a module that calls itself computes with the same.
  private static final ScopedValue<Map<ParametrizedTensor, Tensor>> FORWARD =
      ScopedValue.newInstance();

  private static final ScopedValue<ConcurrentMap<Key, Tensor>> CACHE = ScopedValue.newInstance();

  /// A value without a history is no value for a recorded call.
  private record Key(ParametrizedTensor tensor, Scope.Grad grad) {}

  private final List<String> order;

  /// @param order the names of the module's parameters while all are its own
  Parametrizations(Collection<String> order) {
    this.order = List.copyOf(order);
  }

  static Optional<Parametrizations> of(Module module) {
    return module.children().get(NAME) instanceof Parametrizations present
        ? Optional.of(present)
        : Optional.empty();
  }

  /// `compute`, with computed parameters if `module` has some.
  static Function<List<Tensor>, Tensor> around(
      Module module, Function<List<Tensor>, Tensor> compute) {
    return module.children().get(NAME) instanceof Parametrizations present
        ? inputs -> present.within(() -> compute.apply(inputs))
        : compute;
  }

  private Tensor within(Supplier<Tensor> compute) {
    Map<ParametrizedTensor, Tensor> known = new HashMap<>(FORWARD.orElse(Map.of()));
    Map<Tensor, Tensor> substitutes = new HashMap<>();
    for (Module child : children().values()) {
      ParametrizedTensor tensor = (ParametrizedTensor) child;
      Tensor value = value(tensor);
      known.put(tensor, value);
      substitutes.put(tensor.handle(), value);
    }
    return ScopedValue.where(FORWARD, known)
        .call(() -> Scope.with(call -> substituted(call, substitutes).proceed(), compute));
  }

  private static Call substituted(Call call, Map<Tensor, Tensor> substitutes) {
    List<Tensor> inputs =
        call.inputs().stream().map(input -> substitutes.getOrDefault(input, input)).toList();
    return new Call(call.op(), inputs, call.into());
  }

  /// The value of a tensor, as far as it is known in this scope, else computed.
  static Tensor value(ParametrizedTensor tensor) {
    Tensor known = FORWARD.orElse(Map.of()).get(tensor);
    if (known != null) {
      return known;
    }
    return CACHE.isBound() ? cachedValue(tensor, CACHE.get()) : tensor.compute();
  }

  private static Tensor cachedValue(ParametrizedTensor tensor, ConcurrentMap<Key, Tensor> cache) {
    Key key = new Key(tensor, Scope.grad());
    Tensor known = cache.get(key);
    if (known != null) {
      return known;
    }
    Tensor made = Scope.keep(tensor.compute());
    Tensor first = cache.putIfAbsent(key, made);
    return first == null ? made : first;
  }

  static <R> R cached(Supplier<R> body) {
    return CACHE.isBound()
        ? body.get()
        : ScopedValue.where(CACHE, new ConcurrentHashMap<>()).call(body::get);
  }

  Optional<ParametrizedTensor> find(String name) {
    return Optional.ofNullable((ParametrizedTensor) children().get(name));
  }

  void put(String name, ParametrizedTensor tensor) {
    module(name, tensor);
  }

  /// Puts the parameter `name` back among `parameters`, where it was; those that came later stay
  /// behind it.
  void restore(String name, Parameter parameter, SequencedMap<String, Parameter> parameters) {
    registry().remove(name);
    parameters.put(name, parameter);
    int place = order.indexOf(name);
    for (String other : List.copyOf(parameters.sequencedKeySet())) {
      int otherPlace = order.indexOf(other);
      if (place >= 0 && (otherPlace < 0 || otherPlace > place)) {
        parameters.putLast(other, parameters.get(other));
      }
    }
  }
}
