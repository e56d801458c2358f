package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// Copies between matrices of a 16-bit or 32-bit floating type and `double[]`, element by element.
public final class DoubleCopies {
  private static final int ROWS_AT_ONCE = 8;

  /// Elements from which a bulk copy pays.
  private static final int BULK = 64;

  private DoubleCopies() {}

  /// Copies a part of a matrix row by row into an array.
  public static void load(
      NativeMatrix from,
      long row,
      long column,
      int rows,
      int columns,
      double[] to,
      int at,
      int pitch) {
    MemorySegment segment = from.segment();
    if (from.columnStride() == 1 && columns >= BULK) {
      for (int r = 0; r < rows; r++) {
        MemorySegment.copy(
            segment, JAVA_DOUBLE_UNALIGNED, from.at(row + r, column), to, at + r * pitch, columns);
      }
      return;
    }
    int c = 0;
    for (; c + ROWS_AT_ONCE <= columns; c += ROWS_AT_ONCE) {
      load8Columns(
          segment,
          from.at(row, column + c),
          8 * from.rowStride(),
          8 * from.columnStride(),
          rows,
          to,
          at + c,
          pitch);
    }
    for (; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        to[at + r * pitch + c] = segment.get(JAVA_DOUBLE_UNALIGNED, from.at(row + r, column + c));
      }
    }
  }

  private static void load8Columns(
      MemorySegment from,
      long start,
      long down,
      long across,
      int rows,
      double[] to,
      int at,
      int pitch) {
    for (int r = 0; r < rows; r++) {
      long p = start + r * down;
      int q = at + r * pitch;
      to[q] = from.get(JAVA_DOUBLE_UNALIGNED, p);
      to[q + 1] = from.get(JAVA_DOUBLE_UNALIGNED, p + across);
      to[q + 2] = from.get(JAVA_DOUBLE_UNALIGNED, p + 2 * across);
      to[q + 3] = from.get(JAVA_DOUBLE_UNALIGNED, p + 3 * across);
      to[q + 4] = from.get(JAVA_DOUBLE_UNALIGNED, p + 4 * across);
      to[q + 5] = from.get(JAVA_DOUBLE_UNALIGNED, p + 5 * across);
      to[q + 6] = from.get(JAVA_DOUBLE_UNALIGNED, p + 6 * across);
      to[q + 7] = from.get(JAVA_DOUBLE_UNALIGNED, p + 7 * across);
    }
  }

  /// Copies rows of an array into a part of a matrix.
  public static void store(
      double[] from,
      int at,
      int pitch,
      int rows,
      int columns,
      NativeMatrix to,
      long row,
      long column) {
    MemorySegment segment = to.segment();
    long across = 8 * to.columnStride();
    for (int r = 0; r < rows; r++) {
      long p = to.at(row + r, column);
      int q = at + r * pitch;
      if (across == 8 && columns >= BULK) {
        MemorySegment.copy(from, q, segment, JAVA_DOUBLE_UNALIGNED, p, columns);
      } else {
        for (int c = 0; c < columns; c++) {
          segment.set(JAVA_DOUBLE_UNALIGNED, p + c * across, from[q + c]);
        }
      }
    }
  }
}
