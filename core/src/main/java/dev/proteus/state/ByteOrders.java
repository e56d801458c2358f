package dev.proteus.state;

import dev.proteus.type.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Elements in the byte order of a file, and in the machine's.
final class ByteOrders {
  private ByteOrders() {}

  /// Bytes of elements of `dtype` turned from `order` into the machine's order, or the other way
  /// round. What needs no turning is given back as it is.
  static MemorySegment turned(MemorySegment bytes, DType dtype, ByteOrder order) {
    if (isNative(dtype, order)) {
      return bytes;
    }
    ValueLayout own =
        switch (dtype.bytes()) {
          case 8 -> ValueLayout.JAVA_LONG_UNALIGNED;
          case 4 -> ValueLayout.JAVA_INT_UNALIGNED;
          default -> ValueLayout.JAVA_SHORT_UNALIGNED;
        };
    MemorySegment result = Arena.ofAuto().allocate(bytes.byteSize());
    long count = bytes.byteSize() / dtype.bytes();
    MemorySegment.copy(bytes, own.withOrder(order), 0, result, own, 0, count);
    return result;
  }

  /// Whether elements in this order can be used as they are.
  static boolean isNative(DType dtype, ByteOrder order) {
    return dtype.bytes() == 1 || order == ByteOrder.nativeOrder();
  }
}
