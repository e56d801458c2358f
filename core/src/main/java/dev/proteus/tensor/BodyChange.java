package dev.proteus.tensor;

import dev.proteus.type.TensorSpec;

/// What a tensor's observers are told after it got another body (rule SW-51).
///
/// @param tensor the tensor, which has the new body already
/// @param before what it was; a tensor without a shape has no elements here
/// @param after what it became; another thread may have changed it once more since
/// @param cause why
public record BodyChange(Tensor tensor, TensorSpec before, TensorSpec after, Cause cause) {
  /// Why a tensor got another body.
  public enum Cause {
    /// It was swapped with another tensor.
    SWAP,
    /// It was moved or converted.
    CONVERT,
    /// It took over a loaded value.
    LOAD,
    /// It was given memory, for a skeleton to come to life.
    MATERIALIZE
  }
}
