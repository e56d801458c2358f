package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// Copies between rows of matrices of integers or booleans and `long[]`.
public final class LongCopies {
  private LongCopies() {}

  /// Copies `count` elements of a row.
  public static void load(NativeMatrix from, long row, long column, int count, long[] to, int at) {
    MemorySegment segment = from.segment();
    long start = from.at(row, column);
    long step = from.columnStride() * from.dtype().bytes();
    switch (from.dtype()) {
      case INT64 -> {
        for (int j = 0; j < count; j++) {
          to[at + j] = segment.get(JAVA_LONG_UNALIGNED, start + j * step);
        }
      }
      case INT32 -> {
        for (int j = 0; j < count; j++) {
          to[at + j] = segment.get(JAVA_INT_UNALIGNED, start + j * step);
        }
      }
      case INT16 -> {
        for (int j = 0; j < count; j++) {
          to[at + j] = segment.get(JAVA_SHORT_UNALIGNED, start + j * step);
        }
      }
      case INT8 -> {
        for (int j = 0; j < count; j++) {
          to[at + j] = segment.get(JAVA_BYTE, start + j * step);
        }
      }
      case UINT8, BOOL -> {
        for (int j = 0; j < count; j++) {
          to[at + j] = segment.get(JAVA_BYTE, start + j * step) & 0xFF;
        }
      }
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 ->
          throw new IllegalArgumentException("no integers: " + from.dtype());
    }
  }

  /// Writes `count` elements to a row, cut off to its type.
  public static void store(long[] from, int at, int count, NativeMatrix to, long row, long column) {
    MemorySegment segment = to.segment();
    long start = to.at(row, column);
    long step = to.columnStride() * to.dtype().bytes();
    switch (to.dtype()) {
      case INT64 -> {
        for (int j = 0; j < count; j++) {
          segment.set(JAVA_LONG_UNALIGNED, start + j * step, from[at + j]);
        }
      }
      case INT32 -> {
        for (int j = 0; j < count; j++) {
          segment.set(JAVA_INT_UNALIGNED, start + j * step, (int) from[at + j]);
        }
      }
      case INT16 -> {
        for (int j = 0; j < count; j++) {
          segment.set(JAVA_SHORT_UNALIGNED, start + j * step, (short) from[at + j]);
        }
      }
      case INT8, UINT8, BOOL -> {
        for (int j = 0; j < count; j++) {
          segment.set(JAVA_BYTE, start + j * step, (byte) from[at + j]);
        }
      }
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 ->
          throw new IllegalArgumentException("no integers: " + to.dtype());
    }
  }
}
