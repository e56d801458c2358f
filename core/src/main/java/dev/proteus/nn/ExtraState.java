package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// A module with state beside its parameters and buffers, kept in a state dict under `_extra_state`
/// (rule SD-15).
///
/// ```java
/// final class Counting extends Layer implements ExtraState {
///   private long calls;
///
///   @Override
///   public Tensor extraState() {
///     return Tensor.of(calls);
///   }
///
///   @Override
///   public void setExtraState(Tensor state) {
///     calls = state.itemLong();
///   }
/// }
/// ```
public interface ExtraState {
  /// The name of its entry, below the module's path.
  String KEY = "_extra_state";

  /// The state as a tensor that later changes of the module do not change.
  Tensor extraState();

  /// Takes over what [#extraState()] gave. If this throws, or the load fails later, it is called
  /// again with the state from before.
  void setExtraState(Tensor state);
}
