package dev.proteus.optim;

import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What an optimizer remembers about one parameter: how often it was stepped, and tensors of the
/// parameter's shape by name.
public final class ParamState {
  private final StateType type;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
  private long steps;

  ParamState(StateType type) {
    this.type = type;
  }

  /// Steps so far, the present one included.
  public long steps() {
    return steps;
  }

  void steps(long count) {
    steps = count;
  }

  /// The tensors by name; cannot be changed.
  public SequencedMap<String, Tensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  void put(String name, Tensor tensor) {
    tensors.put(name, tensor);
  }

  void remove(String name) {
    tensors.remove(name);
  }

  /// The tensor of this name; at first it is like `parameter`, filled with `initial`. It outlives
  /// memory scopes.
  public Tensor tensor(String name, Tensor parameter, double initial) {
    Tensor known = tensors.get(name);
    if (known == null) {
      TensorSpec spec = type.wanted(parameter.spec());
      known = Scope.keep(parameter.full(spec, Scalar.of(initial)));
      tensors.put(name, known);
    }
    return known;
  }
}
