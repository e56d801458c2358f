package dev.proteus.tensor;

/// A tensor that a module learns: a leaf that requires grad from the start. Parameter-ness is the
/// identity's; a swap moves the content only (rule D-3).
public final class Parameter extends Tensor {
  private Parameter(TensorBody body) {
    super(body);
  }

  /// A parameter with the content of `data`, sharing its storage, outside its graph. It requires
  /// grad where its type can.
  public static Parameter of(Tensor data) {
    TensorBody body = Bodies.reading(data, TensorBody::alias);
    body.keep();
    if (body.spec().dtype().isFloating()) {
      body.tapeOrNew().requiresGrad(true);
    }
    return new Parameter(body);
  }
}
