package dev.proteus.op;

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

  /// The only result of `op` on `inputs`.
  default T call(Op op, List<T> inputs) {
    return apply(op, inputs).getFirst();
  }
}
