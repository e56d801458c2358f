package dev.proteus.backend.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [Tiles] over `float[]` with the Vector API.
///
/// A tile is two vectors wide. With 32 vector registers it is eight rows tall; with 16 only four:
/// more, and the compiler spills a sum, which makes a chain through memory of each step.
public final class VectorFloatTiles implements Tiles<float[]> {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int COLUMNS = 2 * L;
  private static final int DEPTH = 256;

  /// Not a power of two, so that the rows of a tile do not fall into one set of the cache.
  private static final int PITCH = DEPTH + 16;

  private static final boolean TALL = Registers.MANY;

  @Override
  public int rows() {
    return TALL ? 8 : 4;
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

  @Override
  public void multiply(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cPitch) {
    if (TALL) {
      tall(depth, a, aAt, b, bAt, c, cAt, cPitch);
    } else {
      low(depth, a, aAt, b, bAt, c, cAt, cPitch);
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
    if (TALL) {
      tallAt(depth, a, aAt, b, bAt, offsets, from, c, cAt, cPitch);
    } else {
      lowAt(depth, a, aAt, b, bAt, offsets, from, c, cAt, cPitch);
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
    VectorFloatCopies.load(from, row, column, rows, columns, to, at, pitch);
  }

  @Override
  public void copyPanel(
      int depth, float[] from, int start, int[] offsets, int first, float[] to, int at) {
    for (int k = 0; k < depth; k++) {
      int place = start + offsets[first + k];
      FloatVector.fromArray(S, from, place).intoArray(to, at + k * COLUMNS);
      FloatVector.fromArray(S, from, place + L).intoArray(to, at + k * COLUMNS + L);
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
    VectorFloatCopies.store(from, at, pitch, rows, columns, to, row, column);
  }

  private static void tall(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cPitch) {
    FloatVector c00 = FloatVector.fromArray(S, c, cAt);
    FloatVector c01 = FloatVector.fromArray(S, c, cAt + L);
    FloatVector c10 = FloatVector.fromArray(S, c, cAt + cPitch);
    FloatVector c11 = FloatVector.fromArray(S, c, cAt + cPitch + L);
    FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * cPitch);
    FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * cPitch + L);
    FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * cPitch);
    FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * cPitch + L);
    FloatVector c40 = FloatVector.fromArray(S, c, cAt + 4 * cPitch);
    FloatVector c41 = FloatVector.fromArray(S, c, cAt + 4 * cPitch + L);
    FloatVector c50 = FloatVector.fromArray(S, c, cAt + 5 * cPitch);
    FloatVector c51 = FloatVector.fromArray(S, c, cAt + 5 * cPitch + L);
    FloatVector c60 = FloatVector.fromArray(S, c, cAt + 6 * cPitch);
    FloatVector c61 = FloatVector.fromArray(S, c, cAt + 6 * cPitch + L);
    FloatVector c70 = FloatVector.fromArray(S, c, cAt + 7 * cPitch);
    FloatVector c71 = FloatVector.fromArray(S, c, cAt + 7 * cPitch + L);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(S, b, bAt + k * COLUMNS);
      FloatVector b1 = FloatVector.fromArray(S, b, bAt + k * COLUMNS + L);
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, a[aAt + k + PITCH]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, a[aAt + k + 2 * PITCH]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, a[aAt + k + 3 * PITCH]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(S, a[aAt + k + 4 * PITCH]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(S, a[aAt + k + 5 * PITCH]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = FloatVector.broadcast(S, a[aAt + k + 6 * PITCH]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = FloatVector.broadcast(S, a[aAt + k + 7 * PITCH]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + L);
    c10.intoArray(c, cAt + cPitch);
    c11.intoArray(c, cAt + cPitch + L);
    c20.intoArray(c, cAt + 2 * cPitch);
    c21.intoArray(c, cAt + 2 * cPitch + L);
    c30.intoArray(c, cAt + 3 * cPitch);
    c31.intoArray(c, cAt + 3 * cPitch + L);
    c40.intoArray(c, cAt + 4 * cPitch);
    c41.intoArray(c, cAt + 4 * cPitch + L);
    c50.intoArray(c, cAt + 5 * cPitch);
    c51.intoArray(c, cAt + 5 * cPitch + L);
    c60.intoArray(c, cAt + 6 * cPitch);
    c61.intoArray(c, cAt + 6 * cPitch + L);
    c70.intoArray(c, cAt + 7 * cPitch);
    c71.intoArray(c, cAt + 7 * cPitch + L);
  }

  private static void low(
      int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cPitch) {
    FloatVector c00 = FloatVector.fromArray(S, c, cAt);
    FloatVector c01 = FloatVector.fromArray(S, c, cAt + L);
    FloatVector c10 = FloatVector.fromArray(S, c, cAt + cPitch);
    FloatVector c11 = FloatVector.fromArray(S, c, cAt + cPitch + L);
    FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * cPitch);
    FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * cPitch + L);
    FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * cPitch);
    FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * cPitch + L);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(S, b, bAt + k * COLUMNS);
      FloatVector b1 = FloatVector.fromArray(S, b, bAt + k * COLUMNS + L);
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, a[aAt + k + PITCH]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, a[aAt + k + 2 * PITCH]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, a[aAt + k + 3 * PITCH]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + L);
    c10.intoArray(c, cAt + cPitch);
    c11.intoArray(c, cAt + cPitch + L);
    c20.intoArray(c, cAt + 2 * cPitch);
    c21.intoArray(c, cAt + 2 * cPitch + L);
    c30.intoArray(c, cAt + 3 * cPitch);
    c31.intoArray(c, cAt + 3 * cPitch + L);
  }

  private static void tallAt(
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
    FloatVector c00 = FloatVector.fromArray(S, c, cAt);
    FloatVector c01 = FloatVector.fromArray(S, c, cAt + L);
    FloatVector c10 = FloatVector.fromArray(S, c, cAt + cPitch);
    FloatVector c11 = FloatVector.fromArray(S, c, cAt + cPitch + L);
    FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * cPitch);
    FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * cPitch + L);
    FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * cPitch);
    FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * cPitch + L);
    FloatVector c40 = FloatVector.fromArray(S, c, cAt + 4 * cPitch);
    FloatVector c41 = FloatVector.fromArray(S, c, cAt + 4 * cPitch + L);
    FloatVector c50 = FloatVector.fromArray(S, c, cAt + 5 * cPitch);
    FloatVector c51 = FloatVector.fromArray(S, c, cAt + 5 * cPitch + L);
    FloatVector c60 = FloatVector.fromArray(S, c, cAt + 6 * cPitch);
    FloatVector c61 = FloatVector.fromArray(S, c, cAt + 6 * cPitch + L);
    FloatVector c70 = FloatVector.fromArray(S, c, cAt + 7 * cPitch);
    FloatVector c71 = FloatVector.fromArray(S, c, cAt + 7 * cPitch + L);
    for (int k = 0; k < depth; k++) {
      int at = bAt + offsets[from + k];
      FloatVector b0 = FloatVector.fromArray(S, b, at);
      FloatVector b1 = FloatVector.fromArray(S, b, at + L);
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, a[aAt + k + PITCH]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, a[aAt + k + 2 * PITCH]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, a[aAt + k + 3 * PITCH]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(S, a[aAt + k + 4 * PITCH]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(S, a[aAt + k + 5 * PITCH]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = FloatVector.broadcast(S, a[aAt + k + 6 * PITCH]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = FloatVector.broadcast(S, a[aAt + k + 7 * PITCH]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + L);
    c10.intoArray(c, cAt + cPitch);
    c11.intoArray(c, cAt + cPitch + L);
    c20.intoArray(c, cAt + 2 * cPitch);
    c21.intoArray(c, cAt + 2 * cPitch + L);
    c30.intoArray(c, cAt + 3 * cPitch);
    c31.intoArray(c, cAt + 3 * cPitch + L);
    c40.intoArray(c, cAt + 4 * cPitch);
    c41.intoArray(c, cAt + 4 * cPitch + L);
    c50.intoArray(c, cAt + 5 * cPitch);
    c51.intoArray(c, cAt + 5 * cPitch + L);
    c60.intoArray(c, cAt + 6 * cPitch);
    c61.intoArray(c, cAt + 6 * cPitch + L);
    c70.intoArray(c, cAt + 7 * cPitch);
    c71.intoArray(c, cAt + 7 * cPitch + L);
  }

  private static void lowAt(
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
    FloatVector c00 = FloatVector.fromArray(S, c, cAt);
    FloatVector c01 = FloatVector.fromArray(S, c, cAt + L);
    FloatVector c10 = FloatVector.fromArray(S, c, cAt + cPitch);
    FloatVector c11 = FloatVector.fromArray(S, c, cAt + cPitch + L);
    FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * cPitch);
    FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * cPitch + L);
    FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * cPitch);
    FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * cPitch + L);
    for (int k = 0; k < depth; k++) {
      int at = bAt + offsets[from + k];
      FloatVector b0 = FloatVector.fromArray(S, b, at);
      FloatVector b1 = FloatVector.fromArray(S, b, at + L);
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, a[aAt + k + PITCH]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, a[aAt + k + 2 * PITCH]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, a[aAt + k + 3 * PITCH]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + L);
    c10.intoArray(c, cAt + cPitch);
    c11.intoArray(c, cAt + cPitch + L);
    c20.intoArray(c, cAt + 2 * cPitch);
    c21.intoArray(c, cAt + 2 * cPitch + L);
    c30.intoArray(c, cAt + 3 * cPitch);
    c31.intoArray(c, cAt + 3 * cPitch + L);
  }
}
