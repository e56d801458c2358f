package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;

/// Evenly spaced places of an image, as the columns of a matrix whose rows are channels.
///
/// @param image the image, its first channel the first row
/// @param first where the first place is
/// @param step distances between places
/// @param count numbers of places
record Grid(Volume image, Place first, Place step, Place count) {
  /// Three numbers along D, H and W.
  record Place(int d, int h, int w) {}

  /// Number of columns.
  int columns() {
    return count.d * count.h * count.w;
  }

  /// Does something with a run of columns that are evenly spaced in memory.
  private interface Run {
    /// @param matrix channels by places, from the run's first place
    /// @param at the run's first column, counted from the first asked for
    /// @param length number of columns
    void accept(NativeMatrix matrix, int at, int length);
  }

  private void runs(int column, int width, Run run) {
    int length = evenly();
    for (int i = column; i < column + width; ) {
      int w = i % count.w;
      int h = i / count.w % count.h;
      int d = i / count.w / count.h;
      int span = Math.min(length - i % length, column + width - i);
      NativeMatrix matrix =
          image.at(
              0,
              first.d + d * step.d,
              first.h + h * step.h,
              first.w + w * step.w,
              image.channel(),
              image.column() * step.w);
      run.accept(matrix, i - column, span);
      i += span;
    }
  }

  /// Columns that are evenly spaced: those of a row, of a slice or of all.
  private int evenly() {
    long between = image.column() * step.w;
    if (count.h > 1 && image.row() * step.h != between * count.w) {
      return count.w;
    }
    int slice = count.w * count.h;
    return count.d > 1 && image.depth() * step.d != between * slice ? slice : slice * count.d;
  }

  /// Results that go here.
  <B> Product.Target<B> target(Tiles<B> tiles) {
    return (sums, pitch, block) ->
        runs(
            (int) block.column(),
            block.columns(),
            (matrix, at, length) ->
                tiles.store(sums, at, pitch, block.rows(), length, matrix, block.row(), 0));
  }

  /// The matrix with rows and columns exchanged: places by channels.
  record Turned<B>(Tiles<B> tiles, Grid grid) implements Product.Source<B> {
    @Override
    public void copy(long row, long column, int rows, int columns, B to, int at, int pitch) {
      grid.runs(
          (int) row,
          rows,
          (matrix, from, length) ->
              tiles.load(
                  matrix.transposed(), 0, column, length, columns, to, at + from * pitch, pitch));
    }
  }
}
