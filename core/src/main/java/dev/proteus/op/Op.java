package dev.proteus.op;

import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// What to compute: an operator together with its attributes. A value; equal ops compute the same
/// thing.
public sealed interface Op permits View, Primitive, Composite, Hosted {
  /// The operator's name as errors and profiles print it.
  String name();

  /// The specs of the results, or the error that every device reports for these operands: the only
  /// place for either.
  List<TensorSpec> infer(List<TensorSpec> inputs);

  /// The operands' types that this was made for, by number of operand, where they are part of it.
  default java.util.Map<Integer, DType> madeFor() {
    return java.util.Map.of();
  }
}
