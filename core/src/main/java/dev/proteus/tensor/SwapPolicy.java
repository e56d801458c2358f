package dev.proteus.tensor;

/// What a swap or conversion does about graphs and views that know the old body. It is said per
/// call; there is no global setting (rules SW-64, SW-65).
///
/// ```java
/// Tensor loss = model.forward(x).crossEntropy(y);
/// model.to(Conversion.to(DType.BFLOAT16).policy(SwapPolicy.RETARGET));
/// loss.backward(); // the gradients arrive, as bfloat16
/// ```
///
/// @param graphs what becomes of graphs that end at a swapped leaf
/// @param views whether a body that has views may change hands
public record SwapPolicy(Graphs graphs, Views views) {
  /// What becomes of graphs recorded before.
  public enum Graphs {
    /// Backward through them fails (rule SW-34).
    STALE,
    /// Their gradients arrive at the tensor they were recorded with, converted to its new device
    /// and type, if it has the same shape and still is a leaf that requires grad; else as [#STALE]
    /// (rule SW-35).
    RETARGET
  }

  /// What is asked of views.
  public enum Views {
    /// They go on reading the body they were made of, wherever that is now (rule SW-41).
    FOLLOW,
    /// A body that has views someone may still read is not swapped.
    REFUSE
  }

  /// Old graphs are stale, views follow their body.
  public static final SwapPolicy DEFAULT = new SwapPolicy(Graphs.STALE, Views.FOLLOW);

  /// Gradients of old graphs arrive.
  public static final SwapPolicy RETARGET = new SwapPolicy(Graphs.RETARGET, Views.FOLLOW);

  /// For those who want to hear of views that would go on reading old values.
  public static final SwapPolicy REFUSE_IF_VIEWED = new SwapPolicy(Graphs.STALE, Views.REFUSE);
}
