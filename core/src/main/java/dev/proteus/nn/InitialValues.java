package dev.proteus.nn;

import dev.proteus.tensor.ModuleTensor;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// How parameters and buffers were first made, so that they can be made again where there is memory
/// (rule MD-15).
final class InitialValues {
  /// By identity, which is a tensor's equality.
  private final Map<Tensor, Supplier<Tensor>> suppliers = new LinkedHashMap<>();

  private final Map<Tensor, Consumer<Tensor>> writes = new LinkedHashMap<>();

  /// Those of a tree; what a parent writes over its children's comes after what they write.
  static InitialValues of(Module module) {
    InitialValues all = new InitialValues();
    for (Module each : module.namedModules().reversed().values()) {
      all.suppliers.putAll(each.initialValues().suppliers);
      each.initialValues().writes.forEach(all::addWrite);
    }
    return all;
  }

  void add(Tensor tensor, Supplier<Tensor> initial) {
    suppliers.put(tensor, initial);
  }

  /// Lets `values` be written over the first ones of a tensor.
  void addWrite(Tensor tensor, Consumer<Tensor> values) {
    writes.merge(tensor, values, Consumer::andThen);
  }

  /// Writes first values over those that the tensors have.
  void reset() {
    Scope.noGrad(() ->
        Scope.memory(
            () -> suppliers.keySet().forEach(tensor -> tensor.copy_(make(tensor, tensor.spec())))));
  }

  /// @throws IllegalStateException if the values of something are not known
  void checkKnown(SequencedMap<String, ModuleTensor> tensors) {
    List<String> unknown = new ArrayList<>();
    tensors.forEach((path, tensor) -> {
      if (!suppliers.containsKey(tensor)) {
        unknown.add(path);
      }
    });
    if (!unknown.isEmpty()) {
      throw new IllegalStateException(
          ("materialize: the initial values of %s are not known; register them with a supplier, or"
                  + " use toEmpty and write them (rule MD-15)")
              .formatted(unknown));
    }
  }

  /// The first values of a tensor in the type and on the device that are wanted; those of a
  /// gradient are zeros.
  Tensor make(Tensor tensor, TensorSpec wanted) {
    Supplier<Tensor> initial =
        suppliers.getOrDefault(tensor, () -> Tensor.zeros(wanted.shape(), wanted.dtype()));
    DType real = wanted.dtype().isFloating() ? wanted.dtype() : Scope.dtype();
    return Scope.on(
        wanted.device(),
        () ->
            Scope.withDType(
                real,
                () -> {
                  Tensor made = initial.get().to(wanted.device(), wanted.dtype());
                  writes.getOrDefault(tensor, _ -> {}).accept(made);
                  return made;
                }));
  }
}
