package dev.proteus.backend.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// [Tiles] over `double[]` with the Vector API. Shaped like those of [VectorFloatTiles].
public final class VectorDoubleTiles implements Tiles<double[]> {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
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
  public double[] take(Scratch scratch, int length) {
    return scratch.doubles(length);
  }

  @Override
  public void give(Scratch scratch, double[] array) {
    scratch.give(array);
  }

  @Override
  public void fill(double[] array, int at, int count, double value) {
    Arrays.fill(array, at, at + count, value);
  }

  @Override
  public void multiply(
      int depth, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int cPitch) {
    if (TALL) {
      tall(depth, a, aAt, b, bAt, c, cAt, cPitch);
    } else {
      low(depth, a, aAt, b, bAt, c, cAt, cPitch);
    }
  }

  @Override
  public void multiplyAt(
      int depth,
      double[] a,
      int aAt,
      double[] b,
      int bAt,
      int[] offsets,
      int from,
      double[] c,
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
      double[] to,
      int at,
      int pitch) {
    DoubleCopies.load(from, row, column, rows, columns, to, at, pitch);
  }

  @Override
  public void copyPanel(
      int depth, double[] from, int start, int[] offsets, int first, double[] to, int at) {
    for (int k = 0; k < depth; k++) {
      int place = start + offsets[first + k];
      DoubleVector.fromArray(S, from, place).intoArray(to, at + k * COLUMNS);
      DoubleVector.fromArray(S, from, place + L).intoArray(to, at + k * COLUMNS + L);
    }
  }

  @Override
  public void add(double[] from, int start, double[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] += from[start + i];
    }
  }

  @Override
  public void store(
      double[] from,
      int at,
      int pitch,
      int rows,
      int columns,
      NativeMatrix to,
      long row,
      long column) {
    DoubleCopies.store(from, at, pitch, rows, columns, to, row, column);
  }

  private static void tall(
      int depth, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int cPitch) {
    DoubleVector c00 = DoubleVector.fromArray(S, c, cAt);
    DoubleVector c01 = DoubleVector.fromArray(S, c, cAt + L);
    DoubleVector c10 = DoubleVector.fromArray(S, c, cAt + cPitch);
    DoubleVector c11 = DoubleVector.fromArray(S, c, cAt + cPitch + L);
    DoubleVector c20 = DoubleVector.fromArray(S, c, cAt + 2 * cPitch);
    DoubleVector c21 = DoubleVector.fromArray(S, c, cAt + 2 * cPitch + L);
    DoubleVector c30 = DoubleVector.fromArray(S, c, cAt + 3 * cPitch);
    DoubleVector c31 = DoubleVector.fromArray(S, c, cAt + 3 * cPitch + L);
    DoubleVector c40 = DoubleVector.fromArray(S, c, cAt + 4 * cPitch);
    DoubleVector c41 = DoubleVector.fromArray(S, c, cAt + 4 * cPitch + L);
    DoubleVector c50 = DoubleVector.fromArray(S, c, cAt + 5 * cPitch);
    DoubleVector c51 = DoubleVector.fromArray(S, c, cAt + 5 * cPitch + L);
    DoubleVector c60 = DoubleVector.fromArray(S, c, cAt + 6 * cPitch);
    DoubleVector c61 = DoubleVector.fromArray(S, c, cAt + 6 * cPitch + L);
    DoubleVector c70 = DoubleVector.fromArray(S, c, cAt + 7 * cPitch);
    DoubleVector c71 = DoubleVector.fromArray(S, c, cAt + 7 * cPitch + L);
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, bAt + k * COLUMNS);
      DoubleVector b1 = DoubleVector.fromArray(S, b, bAt + k * COLUMNS + L);
      DoubleVector x = DoubleVector.broadcast(S, a[aAt + k]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = DoubleVector.broadcast(S, a[aAt + k + PITCH]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = DoubleVector.broadcast(S, a[aAt + k + 2 * PITCH]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = DoubleVector.broadcast(S, a[aAt + k + 3 * PITCH]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = DoubleVector.broadcast(S, a[aAt + k + 4 * PITCH]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = DoubleVector.broadcast(S, a[aAt + k + 5 * PITCH]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = DoubleVector.broadcast(S, a[aAt + k + 6 * PITCH]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = DoubleVector.broadcast(S, a[aAt + k + 7 * PITCH]);
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
      int depth, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int cPitch) {
    DoubleVector c00 = DoubleVector.fromArray(S, c, cAt);
    DoubleVector c01 = DoubleVector.fromArray(S, c, cAt + L);
    DoubleVector c10 = DoubleVector.fromArray(S, c, cAt + cPitch);
    DoubleVector c11 = DoubleVector.fromArray(S, c, cAt + cPitch + L);
    DoubleVector c20 = DoubleVector.fromArray(S, c, cAt + 2 * cPitch);
    DoubleVector c21 = DoubleVector.fromArray(S, c, cAt + 2 * cPitch + L);
    DoubleVector c30 = DoubleVector.fromArray(S, c, cAt + 3 * cPitch);
    DoubleVector c31 = DoubleVector.fromArray(S, c, cAt + 3 * cPitch + L);
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, bAt + k * COLUMNS);
      DoubleVector b1 = DoubleVector.fromArray(S, b, bAt + k * COLUMNS + L);
      DoubleVector x = DoubleVector.broadcast(S, a[aAt + k]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = DoubleVector.broadcast(S, a[aAt + k + PITCH]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = DoubleVector.broadcast(S, a[aAt + k + 2 * PITCH]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = DoubleVector.broadcast(S, a[aAt + k + 3 * PITCH]);
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
      double[] a,
      int aAt,
      double[] b,
      int bAt,
      int[] offsets,
      int from,
      double[] c,
      int cAt,
      int cPitch) {
    DoubleVector c00 = DoubleVector.fromArray(S, c, cAt);
    DoubleVector c01 = DoubleVector.fromArray(S, c, cAt + L);
    DoubleVector c10 = DoubleVector.fromArray(S, c, cAt + cPitch);
    DoubleVector c11 = DoubleVector.fromArray(S, c, cAt + cPitch + L);
    DoubleVector c20 = DoubleVector.fromArray(S, c, cAt + 2 * cPitch);
    DoubleVector c21 = DoubleVector.fromArray(S, c, cAt + 2 * cPitch + L);
    DoubleVector c30 = DoubleVector.fromArray(S, c, cAt + 3 * cPitch);
    DoubleVector c31 = DoubleVector.fromArray(S, c, cAt + 3 * cPitch + L);
    DoubleVector c40 = DoubleVector.fromArray(S, c, cAt + 4 * cPitch);
    DoubleVector c41 = DoubleVector.fromArray(S, c, cAt + 4 * cPitch + L);
    DoubleVector c50 = DoubleVector.fromArray(S, c, cAt + 5 * cPitch);
    DoubleVector c51 = DoubleVector.fromArray(S, c, cAt + 5 * cPitch + L);
    DoubleVector c60 = DoubleVector.fromArray(S, c, cAt + 6 * cPitch);
    DoubleVector c61 = DoubleVector.fromArray(S, c, cAt + 6 * cPitch + L);
    DoubleVector c70 = DoubleVector.fromArray(S, c, cAt + 7 * cPitch);
    DoubleVector c71 = DoubleVector.fromArray(S, c, cAt + 7 * cPitch + L);
    for (int k = 0; k < depth; k++) {
      int at = bAt + offsets[from + k];
      DoubleVector b0 = DoubleVector.fromArray(S, b, at);
      DoubleVector b1 = DoubleVector.fromArray(S, b, at + L);
      DoubleVector x = DoubleVector.broadcast(S, a[aAt + k]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = DoubleVector.broadcast(S, a[aAt + k + PITCH]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = DoubleVector.broadcast(S, a[aAt + k + 2 * PITCH]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = DoubleVector.broadcast(S, a[aAt + k + 3 * PITCH]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = DoubleVector.broadcast(S, a[aAt + k + 4 * PITCH]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = DoubleVector.broadcast(S, a[aAt + k + 5 * PITCH]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = DoubleVector.broadcast(S, a[aAt + k + 6 * PITCH]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = DoubleVector.broadcast(S, a[aAt + k + 7 * PITCH]);
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
      double[] a,
      int aAt,
      double[] b,
      int bAt,
      int[] offsets,
      int from,
      double[] c,
      int cAt,
      int cPitch) {
    DoubleVector c00 = DoubleVector.fromArray(S, c, cAt);
    DoubleVector c01 = DoubleVector.fromArray(S, c, cAt + L);
    DoubleVector c10 = DoubleVector.fromArray(S, c, cAt + cPitch);
    DoubleVector c11 = DoubleVector.fromArray(S, c, cAt + cPitch + L);
    DoubleVector c20 = DoubleVector.fromArray(S, c, cAt + 2 * cPitch);
    DoubleVector c21 = DoubleVector.fromArray(S, c, cAt + 2 * cPitch + L);
    DoubleVector c30 = DoubleVector.fromArray(S, c, cAt + 3 * cPitch);
    DoubleVector c31 = DoubleVector.fromArray(S, c, cAt + 3 * cPitch + L);
    for (int k = 0; k < depth; k++) {
      int at = bAt + offsets[from + k];
      DoubleVector b0 = DoubleVector.fromArray(S, b, at);
      DoubleVector b1 = DoubleVector.fromArray(S, b, at + L);
      DoubleVector x = DoubleVector.broadcast(S, a[aAt + k]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = DoubleVector.broadcast(S, a[aAt + k + PITCH]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = DoubleVector.broadcast(S, a[aAt + k + 2 * PITCH]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = DoubleVector.broadcast(S, a[aAt + k + 3 * PITCH]);
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
