package dev.proteus.type;

/// What an operator may know of an operand before it runs.
///
/// @param shape sizes
/// @param dtype element type
/// @param device where the values are
public record TensorSpec(Shape shape, DType dtype, Device device) {
  public TensorSpec withShape(Shape newShape) {
    return new TensorSpec(newShape, dtype, device);
  }

  public TensorSpec withDType(DType newDType) {
    return newDType == dtype ? this : new TensorSpec(shape, newDType, device);
  }

  public TensorSpec withDevice(Device newDevice) {
    return newDevice.equals(device) ? this : new TensorSpec(shape, dtype, newDevice);
  }

  public int rank() {
    return shape.rank();
  }

  /// Number of elements.
  public long numel() {
    return shape.numel();
  }

  /// Bytes of the elements laid out densely.
  public long bytes() {
    return Math.multiplyExact(shape.numel(), (long) dtype.bytes());
  }

  @Override
  public String toString() {
    return dtype + shape.toString() + "@" + device;
  }
}
