package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.proteus.type.DType;
import dev.proteus.type.Halves;
import java.lang.foreign.MemorySegment;

/// Copies between matrices of a 16-bit or 32-bit floating type and `float[]`, element by element.
public final class FloatCopies {
  private static final int ROWS_AT_ONCE = 8;

  /// Elements from which a bulk copy pays.
  private static final int BULK = 64;

  private FloatCopies() {}

  /// Copies a part of a matrix row by row into an array.
  public static void load(
      NativeMatrix from,
      long row,
      long column,
      int rows,
      int columns,
      float[] to,
      int at,
      int pitch) {
    if (from.dtype() == DType.FLOAT32) {
      load32(from, row, column, rows, columns, to, at, pitch);
    } else {
      loadHalf(from, row, column, rows, columns, to, at, pitch);
    }
  }

  private static void load32(
      NativeMatrix from,
      long row,
      long column,
      int rows,
      int columns,
      float[] to,
      int at,
      int pitch) {
    MemorySegment segment = from.segment();
    if (from.columnStride() == 1 && columns >= BULK) {
      for (int r = 0; r < rows; r++) {
        MemorySegment.copy(
            segment, JAVA_FLOAT_UNALIGNED, from.at(row + r, column), to, at + r * pitch, columns);
      }
      return;
    }
    int c = 0;
    for (; c + ROWS_AT_ONCE <= columns; c += ROWS_AT_ONCE) {
      load8Columns(
          segment,
          from.at(row, column + c),
          4 * from.rowStride(),
          4 * from.columnStride(),
          rows,
          to,
          at + c,
          pitch);
    }
    for (; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        to[at + r * pitch + c] = segment.get(JAVA_FLOAT_UNALIGNED, from.at(row + r, column + c));
      }
    }
  }

  private static void load8Columns(
      MemorySegment from,
      long start,
      long down,
      long across,
      int rows,
      float[] to,
      int at,
      int pitch) {
    for (int r = 0; r < rows; r++) {
      long p = start + r * down;
      int q = at + r * pitch;
      to[q] = from.get(JAVA_FLOAT_UNALIGNED, p);
      to[q + 1] = from.get(JAVA_FLOAT_UNALIGNED, p + across);
      to[q + 2] = from.get(JAVA_FLOAT_UNALIGNED, p + 2 * across);
      to[q + 3] = from.get(JAVA_FLOAT_UNALIGNED, p + 3 * across);
      to[q + 4] = from.get(JAVA_FLOAT_UNALIGNED, p + 4 * across);
      to[q + 5] = from.get(JAVA_FLOAT_UNALIGNED, p + 5 * across);
      to[q + 6] = from.get(JAVA_FLOAT_UNALIGNED, p + 6 * across);
      to[q + 7] = from.get(JAVA_FLOAT_UNALIGNED, p + 7 * across);
    }
  }

  private static void loadHalf(
      NativeMatrix from,
      long row,
      long column,
      int rows,
      int columns,
      float[] to,
      int at,
      int pitch) {
    MemorySegment segment = from.segment();
    long across = 2 * from.columnStride();
    for (int r = 0; r < rows; r++) {
      long p = from.at(row + r, column);
      int q = at + r * pitch;
      if (from.dtype() == DType.BFLOAT16) {
        for (int c = 0; c < columns; c++) {
          to[q + c] = Float.intBitsToFloat(segment.get(JAVA_SHORT_UNALIGNED, p + c * across) << 16);
        }
      } else {
        for (int c = 0; c < columns; c++) {
          to[q + c] = Float.float16ToFloat(segment.get(JAVA_SHORT_UNALIGNED, p + c * across));
        }
      }
    }
  }

  /// Copies rows of an array into a part of a matrix, rounding to nearest even.
  public static void store(
      float[] from,
      int at,
      int pitch,
      int rows,
      int columns,
      NativeMatrix to,
      long row,
      long column) {
    MemorySegment segment = to.segment();
    long across = to.columnStride() * to.dtype().bytes();
    for (int r = 0; r < rows; r++) {
      long p = to.at(row + r, column);
      int q = at + r * pitch;
      switch (to.dtype()) {
        case FLOAT32 -> {
          if (across == 4 && columns >= BULK) {
            MemorySegment.copy(from, q, segment, JAVA_FLOAT_UNALIGNED, p, columns);
            continue;
          }
          for (int c = 0; c < columns; c++) {
            segment.set(JAVA_FLOAT_UNALIGNED, p + c * across, from[q + c]);
          }
        }
        case FLOAT16, BFLOAT16 -> {
          for (int c = 0; c < columns; c++) {
            short bits = Halves.toBits(to.dtype(), from[q + c]);
            segment.set(JAVA_SHORT_UNALIGNED, p + c * across, bits);
          }
        }
        case FLOAT64, INT64, INT32, INT16, INT8, UINT8, BOOL ->
            throw new IllegalArgumentException("floats are not stored as " + to.dtype());
      }
    }
  }
}
