package dev.proteus.tensor;

/// A tensor that a module learns: a leaf that requires grad from the start. Parameter-ness is the
/// identity's; a swap moves the content only (rule D-3).
public final class Parameter extends ModuleTensor {
  private Parameter(TensorBody body) {
    super(body);
  }

  /// A parameter with the content of `data`, sharing its storage, outside its graph. It requires
  /// grad where its type can.
  public static Parameter of(Tensor data) {
    TensorBody body = Bodies.reading(data, TensorBody::alias);
    body.keep();
    if (body.dtype().isFloating()) {
      body.tapeOrNew().requiresGrad(true);
    }
    return new Parameter(body);
  }

  /// A parameter of the default floating type on the default device whose shape is not known yet: a
  /// lazy layer gives it one (rule SD-60).
  public static Parameter uninitialized() {
    return of(Uninitialized.tensor(Scope.dtype(), Scope.device()));
  }

  @Override
  public Parameter pinDType() {
    super.pinDType();
    return this;
  }

  @Override
  public Parameter unpinDType() {
    super.unpinDType();
    return this;
  }
}
