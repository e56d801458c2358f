package dev.proteus.tensor;

/// A tensor that belongs to a module's state but is not learned, such as a running mean.
public final class Buffer extends Tensor {
  private Buffer(TensorBody body) {
    super(body);
  }

  /// A buffer with the content of `data`, sharing its storage, outside its graph.
  public static Buffer of(Tensor data) {
    TensorBody body = Bodies.reading(data, TensorBody::alias);
    body.keep();
    return new Buffer(body);
  }
}
