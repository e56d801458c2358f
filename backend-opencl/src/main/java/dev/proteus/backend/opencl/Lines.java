package dev.proteus.backend.opencl;

import dev.proteus.type.Shape;

/// The lines of elements along one axis of a row-major operand.
///
/// @param outer the product of the sizes before the axis
/// @param length elements of a line
/// @param inner the product of the sizes behind it: the distance between the elements of a line
record Lines(long outer, long length, long inner) {
  /// Elements from which a line is long.
  private static final long LONG = 1 << 16;

  /// Lines below which there are few.
  private static final long FEW = 8;

  /// Those along `axis`; a scalar is a line of one.
  static Lines of(Shape shape, int axis) {
    int rank = shape.rank();
    return rank == 0
        ? new Lines(1, 1, 1)
        : new Lines(
            shape.slice(0, axis).numel(), shape.size(axis), shape.slice(axis + 1, rank).numel());
  }

  /// Those along the last `axes` axes as one.
  static Lines last(Shape shape, int axes) {
    int kept = shape.rank() - axes;
    return new Lines(shape.slice(0, kept).numel(), shape.slice(kept, shape.rank()).numel(), 1);
  }

  /// How many there are.
  long count() {
    return outer * inner;
  }

  long numel() {
    return count() * length;
  }

  /// Whether they are rows, each in one piece.
  boolean areRows() {
    return inner == 1;
  }

  /// Whether most of a device would wait for one team: folds in parts are better.
  boolean areFewAndLong() {
    return count() < FEW && length >= LONG;
  }

  boolean areEmpty() {
    return numel() == 0;
  }
}
