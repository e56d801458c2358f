package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;

/// Values on the host as float64, row-major.
public final class HostArray {
  private final Shape shape;
  private final double[] values;

  /// Wraps `values` without a copy.
  ///
  /// @throws ShapeException if their number is not the shape's
  public HostArray(Shape shape, double[] values) {
    if (values.length != shape.numel()) {
      throw new ShapeException(
          "host array: " + values.length + " values for " + shape + ", which has " + shape.numel());
    }
    this.shape = shape;
    this.values = values;
  }

  public Shape shape() {
    return shape;
  }

  /// The values themselves, not a copy.
  public double[] values() {
    return values;
  }
}
