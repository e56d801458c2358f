package dev.proteus.reference;

import dev.proteus.expr.Evaluate;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.List;

/// A walk over all coordinates of a shape in row-major order, and the operands' elements there.
final class Cursor implements Evaluate.Point {
  private final List<Operand> operands;
  private final List<long[]> strides;
  private final Shape shape;
  private final long[] at;

  Cursor(List<Operand> operands, Shape shape) {
    this.operands = operands;
    this.strides = operands.stream().map(Operand::layout).map(Layout::strides).toList();
    this.shape = shape;
    this.at = new long[shape.rank()];
  }

  /// The coordinates themselves.
  long[] at() {
    return at;
  }

  void moveTo(long[] coordinates) {
    System.arraycopy(coordinates, 0, at, 0, at.length);
  }

  /// Whether there is a first element; a new cursor stands there.
  boolean first() {
    return shape.numel() > 0;
  }

  /// Steps to the next element, if there is one.
  boolean next() {
    for (int axis = at.length - 1; axis >= 0; axis--) {
      if (++at[axis] < shape.size(axis)) {
        return true;
      }
      at[axis] = 0;
    }
    return false;
  }

  @Override
  public double real(int input) {
    Operand operand = operands.get(input);
    return ((ReferenceStorage) operand.storage()).real(operand.dtype(), index(input));
  }

  @Override
  public long integer(int input) {
    Operand operand = operands.get(input);
    return ((ReferenceStorage) operand.storage()).integer(operand.dtype(), index(input));
  }

  private long index(int input) {
    return index(operands.get(input).layout(), strides.get(input), at);
  }

  /// Where in its storage the element at some coordinates lies.
  static long index(Layout layout, long[] strides, long[] at) {
    long index = layout.offset();
    for (int axis = 0; axis < at.length; axis++) {
      index += at[axis] * strides[axis];
    }
    return index;
  }

  @Override
  public long coordinate(int axis) {
    return at[axis];
  }
}
