package dev.proteus.oracle;

import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What an engine computed: type, sizes and elements, row-major.
final class Elements {
  private final DType dtype;
  private final Shape shape;
  private final MemorySegment bytes;

  /// @param bytes on the Java heap, the caller's no more
  Elements(DType dtype, Shape shape, MemorySegment bytes) {
    this.dtype = dtype;
    this.shape = shape;
    this.bytes = bytes;
  }

  /// Truth values along one axis.
  static Elements flags(List<Boolean> flags) {
    byte[] bytes = new byte[flags.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (flags.get(i) ? 1 : 0);
    }
    return new Elements(DType.BOOL, Shape.of(bytes.length), MemorySegment.ofArray(bytes));
  }

  static Elements zeros(DType dtype, Shape shape) {
    byte[] bytes = new byte[Math.toIntExact(shape.numel() * dtype.bytes())];
    return new Elements(dtype, shape, MemorySegment.ofArray(bytes));
  }

  DType dtype() {
    return dtype;
  }

  Shape shape() {
    return shape;
  }

  /// A floating element.
  double real(long at) {
    return Numbers.real(bytes, dtype, at);
  }

  /// An element that is no floating one.
  long whole(long at) {
    return Numbers.whole(bytes, dtype, at);
  }

  /// An element of any type.
  double number(long at) {
    return dtype.isFloating() ? real(at) : (double) whole(at);
  }

  boolean sameBytes(Elements other) {
    return bytes.mismatch(other.bytes) < 0;
  }

  /// The greatest size of a finite element, at least 0.
  double magnitude() {
    double greatest = 0;
    for (long i = 0; i < shape.numel(); i++) {
      double size = Math.abs(number(i));
      greatest =
          Double.isInfinite(size) ? greatest : Math.max(greatest, Double.isNaN(size) ? 0 : size);
    }
    return greatest;
  }

  String text(long at) {
    return dtype.isFloating() ? Double.toString(real(at)) : Long.toString(whole(at));
  }
}
