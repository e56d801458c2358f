package dev.proteus.tensor;

import dev.proteus.op.Op;
import java.util.List;

/// One operator that reached a tensor of a [Kind]: below autograd, so nothing in it is recorded
/// (rules SC-2, SC-8).
///
/// @param kind the kind that is asked
/// @param op the operator
/// @param inputs its operands; at least one is of the kind
/// @param <O> the operator
/// @param <P> the kind's values
public record KindCall<O extends Op, P>(Kind<P> kind, O op, List<Tensor> inputs) {
  public KindCall {
    inputs = List.copyOf(inputs);
  }

  /// Operand `index`, of whatever kind.
  public Tensor input(int index) {
    return inputs.get(index);
  }

  /// The value of operand `index`.
  ///
  /// @throws dev.proteus.error.UnsupportedOperatorException if it is not of the kind
  public P value(int index) {
    return kind.unwrap(inputs.get(index))
        .orElseThrow(
            () -> kind.unsupported(op.name(), "operand " + index + " is not of this kind"));
  }
}
