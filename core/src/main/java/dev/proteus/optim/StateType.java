package dev.proteus.optim;

import dev.proteus.type.TensorSpec;

/// The element type of what an optimizer remembers (rule OP-40).
public enum StateType {
  /// That of the parameter, also after it was converted.
  MATCH,
  /// The one it was made with, which for halves is float32: converting a parameter does not round
  /// its state.
  KEEP;

  /// The spec of new state for a parameter of this spec.
  TensorSpec wanted(TensorSpec parameter) {
    return switch (this) {
      case MATCH -> parameter;
      case KEEP -> parameter.withDType(parameter.dtype().accumulator());
    };
  }

  /// The spec that existing state is to have beside a parameter of this spec.
  TensorSpec migrated(TensorSpec state, TensorSpec parameter) {
    boolean casts = this == MATCH && state.dtype().isFloating() && parameter.dtype().isFloating();
    TensorSpec moved = state.withDevice(parameter.device());
    return casts ? moved.withDType(parameter.dtype()) : moved;
  }
}
