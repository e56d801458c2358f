package dev.proteus.tensor;

import dev.proteus.op.Op;
import java.util.List;
import java.util.Optional;

/// One operator about to run.
///
/// @param op the operator
/// @param inputs its operands
/// @param into the tensor that the result is written into, for a call in place
public record Call(Op op, List<Tensor> inputs, Optional<Tensor> into) {
  public Call {
    inputs = List.copyOf(inputs);
  }

  /// Runs the call as if the interpreter that sees it were not there.
  public List<Tensor> proceed() {
    return Dispatcher.run(this);
  }
}
