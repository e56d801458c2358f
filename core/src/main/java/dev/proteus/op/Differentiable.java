package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An operator that knows its own derivative, written with operators and therefore differentiable
/// again.
public interface Differentiable {
  /// The gradient for each input, null where there is none.
  <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g);

  /// Which operands and results [#backward(Backward)] reads; only these are kept alive and watched
  /// for changes (rule AG-21).
  default Saved saved(List<TensorSpec> inputs) {
    return Saved.ALL;
  }

  /// Whether gradients flow from result `index`, if it is floating; false for one that is constant
  /// wherever it can be differentiated, such as a permutation (rule AG-18).
  default boolean hasGradient(int index) {
    return true;
  }

  /// Whether gradients flow at all for operands of these types; false for comparisons, index
  /// searches and the like.
  default boolean isDifferentiable(List<TensorSpec> inputs) {
    return true;
  }
}
