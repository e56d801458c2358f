package dev.proteus.nn;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// One parameter that is computed: its originals, and the parametrizations that lead from them to
/// its value, each given what the one before has made (rule SD-70).
final class ParametrizedTensor extends Module {
  private final Parameter handle;
  private final List<Parameter> originals;
  private final List<Parametrization> chain = new ArrayList<>();

  /// @param handle what the code of the module reads
  ParametrizedTensor(Parameter handle, List<Parameter> originals) {
    this.handle = handle;
    this.originals = List.copyOf(originals);
    for (int i = 0; i < originals.size(); i++) {
      parameter(originals.size() == 1 ? "original" : "original" + i, originals.get(i));
    }
  }

  void append(Parametrization next) {
    module(Integer.toString(chain.size()), next);
    chain.add(next);
  }

  Parameter handle() {
    return handle;
  }

  /// Whether the one original is the parameter itself.
  boolean isOriginal() {
    return originals.getFirst() == handle;
  }

  Tensor compute() {
    Tensor value = chain.getFirst().compute(List.copyOf(originals));
    for (Parametrization next : chain.subList(1, chain.size())) {
      value = next.compute(List.of(value));
    }
    return value;
  }
}
