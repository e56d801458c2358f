package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.vector.Tiles;

/// The matrix of windows of an image: a row for each element of a window, a column for each window. It is never made; parts of it
/// are copied from planes when a product packs them (Chetlur and others, "cuDNN: efficient primitives for deep learning", 2014).
///
/// @param <B> `float[]` or `double[]`
final class Patches<B> implements Product.Source<B> {
  private final Tiles<B> tiles;
  private final B values;
  private final Planes planes;
  private final int[] offsets;
  private final int rows;
  private final int columns;
  private final int[] starts;
  private final int[] lengths;

  /// @param values what the planes hold
  /// @param offsets elements from the place of a window to each of its elements
  /// @param rows windows along H
  /// @param columns windows along W
  Patches(Tiles<B> tiles, B values, Planes planes, int[] offsets, int rows, int columns) {
    this.tiles = tiles;
    this.values = values;
    this.planes = planes;
    this.offsets = offsets;
    this.rows = rows;
    this.columns = columns;
    this.starts = new int[tiles.depth()];
    this.lengths = new int[tiles.depth()];
  }

  @Override
  public void copy(long row, long column, int height, int width, B to, int at, int pitch) {
    int runs = cut((int) column, width);
    tiles.copyRuns(values, offsets, (int) row, height, starts, lengths, runs, to, at, pitch);
  }

  /// Cuts neighbouring windows into runs whose elements are neighbours too.
  private int cut(int first, int count) {
    int runs = 0;
    int end = -1;
    for (int i = first; i < first + count; ) {
      int w = i % columns;
      int h = i / columns % rows;
      int d = i / columns / rows;
      int start = planes.place(d, h, w);
      int length = Math.min(columns - w, first + count - i);
      if (start == end) {
        lengths[runs - 1] += length;
      } else {
        starts[runs] = start;
        lengths[runs] = length;
        runs++;
      }
      end = start + length;
      i += length;
    }
    return runs;
  }
}
