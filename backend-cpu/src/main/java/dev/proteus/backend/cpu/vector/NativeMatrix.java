package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.proteus.type.DType;
import java.lang.foreign.MemorySegment;

/// A matrix in native memory, with any strides.
///
/// @param segment where it lies
/// @param start byte of the first element
/// @param rowStride elements from one row to the next
/// @param columnStride elements from one column to the next
/// @param dtype element type
public record NativeMatrix(
    MemorySegment segment, long start, long rowStride, long columnStride, DType dtype) {
  /// The byte of an element.
  public long at(long row, long column) {
    return start + (row * rowStride + column * columnStride) * dtype.bytes();
  }

  /// An element of a floating type.
  public double get(long row, long column) {
    long at = at(row, column);
    return switch (dtype) {
      case FLOAT64 -> segment.get(JAVA_DOUBLE_UNALIGNED, at);
      case FLOAT32 -> segment.get(JAVA_FLOAT_UNALIGNED, at);
      case FLOAT16 -> Float.float16ToFloat(segment.get(JAVA_SHORT_UNALIGNED, at));
      case BFLOAT16 -> Float.intBitsToFloat(segment.get(JAVA_SHORT_UNALIGNED, at) << 16);
      case INT64, INT32, INT16, INT8, UINT8, BOOL ->
          throw new IllegalStateException("not a floating type: " + dtype);
    };
  }

  /// Whether an element of a matrix of booleans is true.
  public boolean isSet(long row, long column) {
    return segment.get(JAVA_BYTE, at(row, column)) != 0;
  }

  /// The same matrix, some elements further on.
  public NativeMatrix plus(long elements) {
    return elements == 0
        ? this
        : new NativeMatrix(
            segment, start + elements * dtype.bytes(), rowStride, columnStride, dtype);
  }

  /// Rows read as columns.
  public NativeMatrix transposed() {
    return new NativeMatrix(segment, start, columnStride, rowStride, dtype);
  }
}
