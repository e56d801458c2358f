package dev.proteus.tensor;

import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;

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

  /// A buffer of the default floating type on the default device whose shape is not known yet: a
  /// lazy layer gives it one (rule SD-60).
  public static Buffer uninitialized() {
    return of(Uninitialized.tensor(Scope.dtype(), Scope.device()));
  }

  /// Gives this uninitialized buffer memory of its type on its device, with undefined content;
  /// whoever holds it sees a buffer like any other from now on (rule SD-61).
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
