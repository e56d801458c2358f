package dev.proteus.backend.cpu.vector;

import java.util.Arrays;

/// [Tiles] over `float[]` as plain loops, which the JVM's compiler turns into vector code by
/// itself.
public final class ScalarFloatTiles implements Tiles<float[]> {
  private static final int ROWS = 4;
  private static final int COLUMNS = 64;
  private static final int DEPTH = 256;
  private static final int PITCH = DEPTH + 16;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public int depth() {
    return DEPTH;
  }

  @Override
  public int pitch() {
    return PITCH;
  }

  @Override
  public float[] take(Scratch scratch, int length) {
    return scratch.floats(length);
  }

  @Override
  public void give(Scratch scratch, float[] array) {
    scratch.give(array);
  }

  @Override
  public void fill(float[] array, int at, int count, double value) {
    Arrays.fill(array, at, at + count, (float) value);
  }

  /// Four terms at a time: a sum is read and written once for all of them.
  @Override
  public void multiply(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cPitch) {
    for (int r = 0; r < ROWS; r++) {
      int row = aAt + r * PITCH;
      int sums = cAt + r * cPitch;
      int k = 0;
      for (; k + 4 <= depth; k += 4) {
        addFour(
            a[row + k],
            a[row + k + 1],
            a[row + k + 2],
            a[row + k + 3],
            b,
            bAt + k * COLUMNS,
            c,
            sums);
      }
      for (; k < depth; k++) {
        addOne(a[row + k], b, bAt + k * COLUMNS, c, sums);
      }
    }
  }

  private static void addFour(
      float x0, float x1, float x2, float x3, float[] b, int bAt, float[] c, int cAt) {
    for (int j = 0; j < COLUMNS; j++) {
      c[cAt + j] +=
          x0 * b[bAt + j]
              + x1 * b[bAt + COLUMNS + j]
              + x2 * b[bAt + 2 * COLUMNS + j]
              + x3 * b[bAt + 3 * COLUMNS + j];
    }
  }

  private static void addOne(float x, float[] b, int bAt, float[] c, int cAt) {
    for (int j = 0; j < COLUMNS; j++) {
      c[cAt + j] += x * b[bAt + j];
    }
  }

  @Override
  public void multiplyAt(
      int depth,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int[] offsets,
      int from,
      float[] c,
      int cAt,
      int cPitch) {
    for (int r = 0; r < ROWS; r++) {
      int row = aAt + r * PITCH;
      int sums = cAt + r * cPitch;
      for (int k = 0; k < depth; k++) {
        addOne(a[row + k], b, bAt + offsets[from + k], c, sums);
      }
    }
  }

  @Override
  public void load(
      NativeMatrix from,
      long row,
      long column,
      int rows,
      int columns,
      float[] to,
      int at,
      int pitch) {
    FloatCopies.load(from, row, column, rows, columns, to, at, pitch);
  }

  @Override
  public void copyPanel(
      int depth, float[] from, int start, int[] offsets, int first, float[] to, int at) {
    for (int k = 0; k < depth; k++) {
      System.arraycopy(from, start + offsets[first + k], to, at + k * COLUMNS, COLUMNS);
    }
  }

  @Override
  public void add(float[] from, int start, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] += from[start + i];
    }
  }

  @Override
  public void store(
      float[] from,
      int at,
      int pitch,
      int rows,
      int columns,
      NativeMatrix to,
      long row,
      long column) {
    FloatCopies.store(from, at, pitch, rows, columns, to, row, column);
  }
}
