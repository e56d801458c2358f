package dev.proteus.tensor;

import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;

/// A tensor that belongs to a module: its conversions may be told to keep the type, and its shape
/// may come later than the tensor.
public abstract sealed class ModuleTensor extends Tensor permits Parameter, Buffer {
  private volatile boolean pinned;

  ModuleTensor(TensorBody body) {
    super(body);
  }

  /// Lets conversions of its module leave this tensor's type alone; they move it all the same (rule
  /// TO-45).
  ///
  /// @return this
  public ModuleTensor pinDType() {
    pinned = true;
    return this;
  }

  /// Lets conversions of its module change this tensor's type again.
  ///
  /// @return this
  public ModuleTensor unpinDType() {
    pinned = false;
    return this;
  }

  /// Whether conversions leave the type alone.
  public final boolean isDTypePinned() {
    return pinned;
  }

  /// Gives this uninitialized tensor memory of its type on its device, with undefined content;
  /// whoever holds it sees a tensor like any other from now on (rule SD-61).
  ///
  /// @throws IllegalStateException if this is initialized
  public final void materialize(Shape shape) {
    materialize(shape, device(), dtype());
  }

  /// As [#materialize(Shape)], of another type or on another device.
  public final void materialize(Shape shape, Device device, DType dtype) {
    Uninitialized.materialize(this, new TensorSpec(shape, dtype, device));
  }
}
