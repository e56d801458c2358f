package dev.proteus.reference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.proteus.expr.Evaluate;
import dev.proteus.spi.Storage;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Halves;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/// Bytes on the Java heap, read and written as elements of a type.
final class ReferenceStorage implements Storage {
  private final Device device;
  private final MemorySegment bytes;
  private final LongConsumer released;
  private final AtomicBoolean isReleased = new AtomicBoolean();

  /// @param released told the size when the storage is released
  ReferenceStorage(Device device, int size, LongConsumer released) {
    this.device = device;
    this.bytes = MemorySegment.ofArray(new byte[size]);
    this.released = released;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public long bytes() {
    return bytes.byteSize();
  }

  @Override
  public void release() {
    if (isReleased.compareAndSet(false, true)) {
      released.accept(bytes());
    }
  }

  @Override
  public boolean isReleased() {
    return isReleased.get();
  }

  /// The bytes of a storage that is still in use.
  MemorySegment segment() {
    if (isReleased()) {
      throw new IllegalStateException("storage: used after its release");
    }
    return bytes;
  }

  double real(DType dtype, long index) {
    long at = index * dtype.bytes();
    return switch (dtype) {
      case FLOAT64 -> segment().get(JAVA_DOUBLE_UNALIGNED, at);
      case FLOAT32 -> segment().get(JAVA_FLOAT_UNALIGNED, at);
      case FLOAT16, BFLOAT16 -> Halves.toFloat(dtype, segment().get(JAVA_SHORT_UNALIGNED, at));
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> integer(dtype, index);
    };
  }

  long integer(DType dtype, long index) {
    long at = index * dtype.bytes();
    return switch (dtype) {
      case INT64 -> segment().get(JAVA_LONG_UNALIGNED, at);
      case INT32 -> segment().get(JAVA_INT_UNALIGNED, at);
      case INT16 -> segment().get(JAVA_SHORT_UNALIGNED, at);
      case INT8, UINT8, BOOL -> Evaluate.wrapped(dtype, segment().get(JAVA_BYTE, at));
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> (long) real(dtype, index);
    };
  }

  void put(DType dtype, long index, double value) {
    long at = index * dtype.bytes();
    switch (dtype) {
      case FLOAT64 -> segment().set(JAVA_DOUBLE_UNALIGNED, at, value);
      case FLOAT32 -> segment().set(JAVA_FLOAT_UNALIGNED, at, (float) value);
      case FLOAT16, BFLOAT16 ->
          segment().set(JAVA_SHORT_UNALIGNED, at, Halves.toBits(dtype, (float) value));
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> put(dtype, index, (long) value);
    }
  }

  void put(DType dtype, long index, long value) {
    long at = index * dtype.bytes();
    switch (dtype) {
      case INT64 -> segment().set(JAVA_LONG_UNALIGNED, at, value);
      case INT32 -> segment().set(JAVA_INT_UNALIGNED, at, (int) value);
      case INT16 -> segment().set(JAVA_SHORT_UNALIGNED, at, (short) value);
      case INT8, UINT8, BOOL -> segment().set(JAVA_BYTE, at, (byte) value);
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> put(dtype, index, (double) value);
    }
  }
}
