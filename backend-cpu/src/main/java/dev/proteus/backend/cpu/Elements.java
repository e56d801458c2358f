package dev.proteus.backend.cpu;

import dev.proteus.type.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Elements on their way between memory and registers: one method pair for each type.
///
/// A run has `n` elements, `stride` elements apart, from byte `offset` on; in the register it
/// starts at `at`.
final class Elements {
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /// Runs shorter than this are not worth the checks of a bulk copy.
  private static final int BULK = 16;

  private Elements() {}

  static void load(
      DType dtype,
      Frame frame,
      int register,
      int at,
      MemorySegment from,
      long offset,
      long stride,
      int n) {
    switch (dtype) {
      case FLOAT32 -> loadFloats(frame.floats[register], at, from, offset, stride, n);
      case FLOAT64 -> loadDoubles(frame.doubles[register], at, from, offset, stride, n);
      case INT64 -> loadLongs(frame.longs[register], at, from, offset, stride, n);
      case INT32 -> loadInts(frame.ints[register], at, from, offset, stride, n);
      case FLOAT16, BFLOAT16 -> {
        loadShorts(frame.shorts, from, offset, stride, n);
        frame.loops.widen(dtype, frame.floats[register], at, frame.shorts, n);
      }
      case INT16 -> {
        loadShorts(frame.shorts, from, offset, stride, n);
        widen(frame.ints[register], at, frame.shorts, n);
      }
      case INT8, BOOL -> {
        loadBytes(frame.bytes, from, offset, stride, n);
        widen(frame.ints[register], at, frame.bytes, n);
      }
      case UINT8 -> {
        loadBytes(frame.bytes, from, offset, stride, n);
        widenUnsigned(frame.ints[register], at, frame.bytes, n);
      }
    }
  }

  static void store(
      DType dtype,
      Frame frame,
      int register,
      int at,
      MemorySegment to,
      long offset,
      long stride,
      int n) {
    switch (dtype) {
      case FLOAT32 -> storeFloats(frame.floats[register], at, to, offset, stride, n);
      case FLOAT64 -> storeDoubles(frame.doubles[register], at, to, offset, stride, n);
      case INT64 -> storeLongs(frame.longs[register], at, to, offset, stride, n);
      case INT32 -> storeInts(frame.ints[register], at, to, offset, stride, n);
      case FLOAT16, BFLOAT16 -> {
        frame.loops.narrow(dtype, frame.shorts, frame.floats[register], at, n);
        storeShorts(frame.shorts, to, offset, stride, n);
      }
      case INT16 -> {
        narrow(frame.shorts, frame.ints[register], at, n);
        storeShorts(frame.shorts, to, offset, stride, n);
      }
      case INT8, UINT8, BOOL -> {
        narrow(frame.bytes, frame.ints[register], at, n);
        storeBytes(frame.bytes, to, offset, stride, n);
      }
    }
  }

  private static void widen(int[] to, int at, short[] from, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] = from[i];
    }
  }

  private static void widen(int[] to, int at, byte[] from, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] = from[i];
    }
  }

  private static void widenUnsigned(int[] to, int at, byte[] from, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] = from[i] & 0xff;
    }
  }

  private static void narrow(short[] to, int[] from, int at, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (short) from[at + i];
    }
  }

  private static void narrow(byte[] to, int[] from, int at, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (byte) from[at + i];
    }
  }

  private static void loadFloats(
      float[] to, int at, MemorySegment from, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, FLOAT, offset, to, at, n);
    } else if (stride == 0) {
      Arrays.fill(to, at, at + n, from.get(FLOAT, offset));
    } else {
      for (int i = 0; i < n; i++) {
        to[at + i] = from.get(FLOAT, offset + 4 * stride * i);
      }
    }
  }

  private static void storeFloats(
      float[] from, int at, MemorySegment to, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, at, to, FLOAT, offset, n);
    } else {
      for (int i = 0; i < n; i++) {
        to.set(FLOAT, offset + 4 * stride * i, from[at + i]);
      }
    }
  }

  private static void loadDoubles(
      double[] to, int at, MemorySegment from, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, DOUBLE, offset, to, at, n);
    } else if (stride == 0) {
      Arrays.fill(to, at, at + n, from.get(DOUBLE, offset));
    } else {
      for (int i = 0; i < n; i++) {
        to[at + i] = from.get(DOUBLE, offset + 8 * stride * i);
      }
    }
  }

  private static void storeDoubles(
      double[] from, int at, MemorySegment to, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, at, to, DOUBLE, offset, n);
    } else {
      for (int i = 0; i < n; i++) {
        to.set(DOUBLE, offset + 8 * stride * i, from[at + i]);
      }
    }
  }

  private static void loadLongs(
      long[] to, int at, MemorySegment from, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, LONG, offset, to, at, n);
    } else if (stride == 0) {
      Arrays.fill(to, at, at + n, from.get(LONG, offset));
    } else {
      for (int i = 0; i < n; i++) {
        to[at + i] = from.get(LONG, offset + 8 * stride * i);
      }
    }
  }

  private static void storeLongs(
      long[] from, int at, MemorySegment to, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, at, to, LONG, offset, n);
    } else {
      for (int i = 0; i < n; i++) {
        to.set(LONG, offset + 8 * stride * i, from[at + i]);
      }
    }
  }

  private static void loadInts(
      int[] to, int at, MemorySegment from, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, INT, offset, to, at, n);
    } else if (stride == 0) {
      Arrays.fill(to, at, at + n, from.get(INT, offset));
    } else {
      for (int i = 0; i < n; i++) {
        to[at + i] = from.get(INT, offset + 4 * stride * i);
      }
    }
  }

  private static void storeInts(
      int[] from, int at, MemorySegment to, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, at, to, INT, offset, n);
    } else {
      for (int i = 0; i < n; i++) {
        to.set(INT, offset + 4 * stride * i, from[at + i]);
      }
    }
  }

  private static void loadShorts(short[] to, MemorySegment from, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, SHORT, offset, to, 0, n);
    } else {
      for (int i = 0; i < n; i++) {
        to[i] = from.get(SHORT, offset + 2 * stride * i);
      }
    }
  }

  private static void storeShorts(short[] from, MemorySegment to, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, 0, to, SHORT, offset, n);
    } else {
      for (int i = 0; i < n; i++) {
        to.set(SHORT, offset + 2 * stride * i, from[i]);
      }
    }
  }

  private static void loadBytes(byte[] to, MemorySegment from, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, BYTE, offset, to, 0, n);
    } else {
      for (int i = 0; i < n; i++) {
        to[i] = from.get(BYTE, offset + stride * i);
      }
    }
  }

  private static void storeBytes(byte[] from, MemorySegment to, long offset, long stride, int n) {
    if (stride == 1 && n >= BULK) {
      MemorySegment.copy(from, 0, to, BYTE, offset, n);
    } else {
      for (int i = 0; i < n; i++) {
        to.set(BYTE, offset + stride * i, from[i]);
      }
    }
  }
}
