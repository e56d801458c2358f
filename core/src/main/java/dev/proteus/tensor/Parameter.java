package dev.proteus.tensor;

/// A tensor that a module learns: a leaf that requires grad from the start. Parameter-ness is the
/// identity's; a swap moves the content only (rule D-3).
public final class Parameter extends Tensor {
  private volatile boolean pinned;

  private Parameter(TensorBody body) {
    super(body);
  }

  /// A parameter with the content of `data`, sharing its storage, outside its graph. It requires
  /// grad where its type can.
  public static Parameter of(Tensor data) {
    TensorBody body = data.body().alias();
    body.keep();
    if (body.spec().dtype().isFloating()) {
      body.tapeOrNew().requiresGrad(true);
    }
    return new Parameter(body);
  }

  /// Lets conversions of its module leave this parameter's type alone; they move it all the same
  /// (rule TO-45).
  ///
  /// @return this
  public Parameter pinDType() {
    pinned = true;
    return this;
  }

  /// Lets conversions of its module change this parameter's type again.
  ///
  /// @return this
  public Parameter unpinDType() {
    pinned = false;
    return this;
  }

  /// Whether conversions leave the type alone.
  public boolean isDTypePinned() {
    return pinned;
  }
}
