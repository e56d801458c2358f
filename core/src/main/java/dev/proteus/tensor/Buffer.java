package dev.proteus.tensor;

/// A tensor that belongs to a module's state but is not learned, such as a running mean.
public final class Buffer extends ModuleTensor {
  private Buffer(TensorBody body) {
    super(body);
  }

  /// A buffer with the content of `data`, sharing its storage, outside its graph.
  public static Buffer of(Tensor data) {
    TensorBody body = Bodies.reading(data, TensorBody::alias);
    body.keep();
    return new Buffer(body);
  }

  /// A buffer of the default floating type on the default device whose shape is not known yet: a
  /// lazy layer gives it one (rule SD-60).
  public static Buffer uninitialized() {
    return of(Uninitialized.tensor(Scope.dtype(), Scope.device()));
  }

  @Override
  public Buffer pinDType() {
    super.pinDType();
    return this;
  }

  @Override
  public Buffer unpinDType() {
    super.unpinDType();
    return this;
  }
}
