package dev.proteus.op;

import dev.proteus.type.DType;
import dev.proteus.type.Promotion;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Anything operators can be applied to.
///
/// @param <T> the type itself
public interface Value<T extends TensorOps<T>> {
  /// Shape, element type and device.
  TensorSpec spec();

  /// The results of `op` on `inputs`; `this` is only where the call starts, not an operand.
  List<T> apply(Op op, List<T> inputs);

  /// This, by its own type.
  T self();

  /// The floating type that integers become where results are real, and that real numbers of the
  /// host have beside them (rules DT-3, DT-7). Operators are typed by it before they are called;
  /// definitions and derivatives see float32, so that what an operator means depends on it alone.
  default DType defaultDType() {
    return Promotion.REAL;
  }

  /// The only result of `op` on `inputs`.
  default T call(Op op, List<T> inputs) {
    return apply(op, inputs).getFirst();
  }
}
