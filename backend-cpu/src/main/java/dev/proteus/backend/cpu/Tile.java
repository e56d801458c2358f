package dev.proteus.backend.cpu;

import static dev.proteus.backend.cpu.Elements.BYTE;
import static dev.proteus.backend.cpu.Elements.INT;
import static dev.proteus.backend.cpu.Elements.LONG;
import static dev.proteus.backend.cpu.Elements.SHORT;

import java.lang.foreign.MemorySegment;

/// A square of a matrix on its way to the transposed matrix: read row by row, written column by
/// column, so that memory is only passed along its lines.
final class Tile {
  /// Rows and columns.
  static final int SIDE = 64;

  private final int width;
  private final byte[] bytes;
  private final short[] shorts;
  private final int[] ints;
  private final long[] longs;

  /// Room for words of `width` bytes.
  Tile(int width) {
    int words = SIDE * (SIDE + 1);
    this.width = width;
    this.bytes = new byte[width == 1 ? words : 0];
    this.shorts = new short[width == 2 ? words : 0];
    this.ints = new int[width == 4 ? words : 0];
    this.longs = new long[width == 8 ? words : 0];
  }

  /// Copies `rows × columns` words: rows of `from` are `fromPitch` bytes apart, and become columns
  /// of `to`, whose rows are `toPitch` bytes apart.
  void transpose(
      MemorySegment from,
      long fromAt,
      long fromPitch,
      MemorySegment to,
      long toAt,
      long toPitch,
      int rows,
      int columns) {
    for (int row = 0; row < rows; row++) {
      read(from, fromAt + row * fromPitch, row * SIDE, columns);
    }
    for (int column = 0; column < columns; column++) {
      write(column, rows, to, toAt + column * toPitch);
    }
  }

  private void read(MemorySegment from, long fromAt, int at, int n) {
    switch (width) {
      case 1 -> MemorySegment.copy(from, BYTE, fromAt, bytes, at, n);
      case 2 -> MemorySegment.copy(from, SHORT, fromAt, shorts, at, n);
      case 4 -> MemorySegment.copy(from, INT, fromAt, ints, at, n);
      case 8 -> MemorySegment.copy(from, LONG, fromAt, longs, at, n);
      default -> throw new IllegalArgumentException("words of " + width + " bytes");
    }
  }

  /// Collects a column in the row behind the tile.
  private void write(int column, int rows, MemorySegment to, long toAt) {
    int line = SIDE * SIDE;
    switch (width) {
      case 1 -> {
        for (int row = 0; row < rows; row++) {
          bytes[line + row] = bytes[row * SIDE + column];
        }
        MemorySegment.copy(bytes, line, to, BYTE, toAt, rows);
      }
      case 2 -> {
        for (int row = 0; row < rows; row++) {
          shorts[line + row] = shorts[row * SIDE + column];
        }
        MemorySegment.copy(shorts, line, to, SHORT, toAt, rows);
      }
      case 4 -> {
        for (int row = 0; row < rows; row++) {
          ints[line + row] = ints[row * SIDE + column];
        }
        MemorySegment.copy(ints, line, to, INT, toAt, rows);
      }
      case 8 -> {
        for (int row = 0; row < rows; row++) {
          longs[line + row] = longs[row * SIDE + column];
        }
        MemorySegment.copy(longs, line, to, LONG, toAt, rows);
      }
      default -> throw new IllegalArgumentException("words of " + width + " bytes");
    }
  }
}
