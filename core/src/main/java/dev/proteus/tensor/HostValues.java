package dev.proteus.tensor;

import dev.proteus.error.ShapeException;
import dev.proteus.op.HostArray;
import dev.proteus.type.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What is read from a tensor into Java: elements, answers, text.
///
/// On the meta device there is nothing to read: all but the text are a `NoDataException` (rule
/// MD-10).
sealed interface HostValues permits Tensor {
  Tensor self();

  /// Whether `other` has the same shape and equal elements, types promoted (rule DT-8).
  ///
  /// @throws dev.proteus.error.NoDataException on the meta device (rule MD-10)
  default boolean equal(Tensor other) {
    return self().shape().equals(other.shape())
        && Scope.noGrad(() -> self().eq(other).all().itemBoolean());
  }

  /// Whether all elements of this and `other`, broadcast, are close by tolerances of 1e-5,
  /// relative, and 1e-8, absolute.
  default boolean allclose(Tensor other) {
    return allclose(other, 1e-5, 1e-8);
  }

  /// Whether all elements of this and `other`, broadcast, are equal or at most `absolute + relative
  /// · |other|` apart.
  default boolean allclose(Tensor other, double relative, double absolute) {
    return Scope.noGrad(() -> self().isclose(other, relative, absolute).all().itemBoolean());
  }

  /// The one element as a double.
  ///
  /// @throws ShapeException if there is not exactly one
  /// @throws dev.proteus.error.NoDataException on the meta device
  default double item() {
    return Bodies.reading(self(), b -> HostCopies.doubles(HostCopies.onlyElement(b), "item")[0]);
  }

  /// Whether the one element is not zero.
  default boolean itemBoolean() {
    return item() != 0;
  }

  /// All elements as doubles, row-major.
  default double[] toDoubleArray() {
    return Bodies.reading(self(), b -> HostCopies.doubles(b, "toDoubleArray"));
  }

  /// All elements as floats, row-major.
  default float[] toFloatArray() {
    return Bodies.reading(self(), b -> HostCopies.rowMajor(b, DType.FLOAT32, "toFloatArray"))
        .toArray(ValueLayout.JAVA_FLOAT);
  }

  /// All elements as longs, row-major; real values are truncated.
  default long[] toLongArray() {
    return Bodies.reading(self(), b -> HostCopies.rowMajor(b, DType.INT64, "toLongArray"))
        .toArray(ValueLayout.JAVA_LONG);
  }

  /// All elements as ints, row-major; real values are truncated.
  default int[] toIntArray() {
    return Bodies.reading(self(), b -> HostCopies.rowMajor(b, DType.INT32, "toIntArray"))
        .toArray(ValueLayout.JAVA_INT);
  }

  /// Whether each element is not zero, row-major.
  default boolean[] toBooleanArray() {
    return Bodies.reading(self(), b -> HostCopies.booleans(b, "toBooleanArray"));
  }

  /// The bytes of all elements in their own type, row-major, in the machine's byte order.
  default MemorySegment toBytes() {
    return Bodies.reading(self(), b -> HostCopies.rowMajor(b, b.spec().dtype(), "toBytes"));
  }

  /// All elements as a host array of doubles.
  default HostArray toHostArray() {
    return Bodies.reading(self(), b -> HostCopies.read(b, "toHostArray"));
  }

  /// The values as `options` say, with what differs from the defaults.
  default String toString(PrintOptions options) {
    return Printer.print(self(), options);
  }
}
