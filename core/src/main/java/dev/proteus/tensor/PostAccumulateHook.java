package dev.proteus.tensor;

/// A function called after a gradient was added to a leaf's (rule AG-41).
@FunctionalInterface
public interface PostAccumulateHook {
  /// Called with the leaf.
  ///
  /// @param leaf the tensor whose [Tensor#grad()] has just changed
  void accept(Tensor leaf);
}
