package dev.proteus.op;

import dev.proteus.type.TensorSpec;

/// What a derivative sees of the call it differentiates.
///
/// @param <T> what operators are applied to
public interface Backward<T> {
  /// Number of operands of the call.
  int inputs();

  /// The gradient of the only result.
  default T grad() {
    return grad(0);
  }

  /// The gradient of result `index`; zeros if nothing depended on it.
  T grad(int index);

  /// Operand `index` as it was; it must be among [Differentiable#saved(java.util.List)].
  T input(int index);

  /// The only result; it must be among [Differentiable#saved(java.util.List)].
  default T output() {
    return output(0);
  }

  /// Result `index`; it must be among [Differentiable#saved(java.util.List)].
  T output(int index);

  /// The spec of operand `index`, saved or not.
  TensorSpec spec(int index);

  /// Whether anyone wants the gradient of operand `index`.
  boolean needs(int index);
}
