package dev.proteus.op;

import java.util.List;

/// An operator defined by other operators. Backends may have a fast kernel for it; correctness
/// never depends on one.
///
/// The sort that users implement for operators of their own. One that is not [Differentiable] is
/// differentiated through its definition.
public non-sealed interface Composite extends Op {
  /// The definition: the results, computed with other operators.
  <T extends TensorOps<T>> List<T> decompose(List<T> inputs);
}
