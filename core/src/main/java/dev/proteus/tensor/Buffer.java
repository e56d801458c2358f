package dev.proteus.tensor;

/// A tensor that belongs to a module's state but is not learned, such as a running mean.
public final class Buffer extends Tensor {
  private volatile boolean pinned;

  private Buffer(TensorBody body) {
    super(body);
  }

  /// A buffer with the content of `data`, sharing its storage, outside its graph.
  public static Buffer of(Tensor data) {
    TensorBody body = Bodies.reading(data, TensorBody::alias);
    body.keep();
    return new Buffer(body);
  }

  /// Lets conversions of its module leave this buffer's type alone; they move it all the same (rule
  /// TO-45).
  ///
  /// @return this
  public Buffer pinDType() {
    pinned = true;
    return this;
  }

  /// Lets conversions of its module change this buffer's type again.
  ///
  /// @return this
  public Buffer unpinDType() {
    pinned = false;
    return this;
  }

  /// Whether conversions leave the type alone.
  public boolean isDTypePinned() {
    return pinned;
  }
}
