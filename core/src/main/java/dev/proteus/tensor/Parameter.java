package dev.proteus.tensor;

import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;

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
    TensorBody body = Bodies.reading(data, TensorBody::alias);
    body.keep();
    if (body.dtype().isFloating()) {
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

  /// A parameter of the default floating type on the default device whose shape is not known yet: a
  /// lazy layer gives it one (rule SD-60).
  public static Parameter uninitialized() {
    return of(Uninitialized.tensor(Scope.dtype(), Scope.device()));
  }

  /// Gives this uninitialized parameter memory of its type on its device, with undefined content;
  /// whoever holds it sees a parameter like any other from now on (rule SD-61).
  ///
  /// @throws IllegalStateException if this is initialized
  public void materialize(Shape shape) {
    materialize(shape, device(), dtype());
  }

  /// As [#materialize(Shape)], of another type or on another device.
  public void materialize(Shape shape, Device device, DType dtype) {
    Uninitialized.materialize(this, new TensorSpec(shape, dtype, device));
  }
}
