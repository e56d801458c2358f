package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;

/// The product of two matrices, computed block by block.
///
/// Every result is the same sum in the same order however the work is cut, so that results do not
/// depend on the number of threads.
///
/// @param <B> `float[]` or `double[]`
/// @param a left operand, `[m, k]`
/// @param b right operand, `[k, n]`
/// @param start what the sums start from
/// @param c where results go, `[m, n]`
/// @param m rows
/// @param n columns
/// @param k length of the sums
public record Product<B>(
    Source<B> a, Source<B> b, Start<B> start, Target<B> c, long m, long n, long k) {

  private static final int COLUMNS = 512;

  /// A matrix that is read in parts; it need not exist in memory.
  ///
  /// @param <B> `float[]` or `double[]`
  @FunctionalInterface
  public interface Source<B> {
    /// Copies a part of the matrix row by row into an array.
    void copy(long row, long column, int rows, int columns, B to, int at, int pitch);
  }

  /// What sums start from.
  ///
  /// @param <B> `float[]` or `double[]`
  @FunctionalInterface
  interface Start<B> {
    /// Fills the sums of a block; its rows lie `pitch` elements apart.
    void fill(B sums, int pitch, Block block);
  }

  /// Where results go.
  ///
  /// @param <B> `float[]` or `double[]`
  @FunctionalInterface
  interface Target<B> {
    /// Takes the results of a block; its rows lie `pitch` elements apart.
    void store(B sums, int pitch, Block block);
  }

  /// A matrix in memory as an operand.
  ///
  /// @param <B> `float[]` or `double[]`
  public record Stored<B>(Tiles<B> tiles, NativeMatrix matrix) implements Source<B> {
    @Override
    public void copy(long row, long column, int rows, int columns, B to, int at, int pitch) {
      tiles.load(matrix, row, column, rows, columns, to, at, pitch);
    }
  }

  /// Sums that start from 0.
  static <B> Start<B> zeros(Tiles<B> tiles) {
    return (sums, pitch, block) -> tiles.fill(sums, 0, block.rows() * pitch, 0);
  }

  /// Sums that start from one value for each column, in the first row of a matrix.
  static <B> Start<B> columns(Tiles<B> tiles, NativeMatrix bias) {
    return (sums, pitch, block) -> {
      tiles.load(bias, 0, block.column(), 1, block.columns(), sums, 0, pitch);
      for (int row = 1; row < block.rows(); row++) {
        System.arraycopy(sums, 0, sums, row * pitch, block.columns());
      }
    };
  }

  /// Sums that start from one value for each row, in the first column of a matrix.
  static <B> Start<B> rows(Tiles<B> tiles, NativeMatrix bias) {
    return (sums, pitch, block) -> {
      for (int row = 0; row < block.rows(); row++) {
        tiles.fill(sums, row * pitch, block.columns(), bias.get(block.row() + row, 0));
      }
    };
  }

  /// Results that go to a matrix in memory.
  static <B> Target<B> into(Tiles<B> tiles, NativeMatrix c) {
    return (sums, pitch, block) ->
        tiles.store(sums, 0, pitch, block.rows(), block.columns(), c, block.row(), block.column());
  }

  /// Columns of a block that is as wide as pays: with the whole length of the sums, they fit the
  /// last-level cache.
  int columns(Tiles<B> tiles) {
    long length = Math.max(1, Math.ceilDiv(k, tiles.depth())) * tiles.depth();
    long panels = (1L << 20) / length / tiles.columns();
    return (int) Math.clamp(panels * tiles.columns(), 4L * tiles.columns(), COLUMNS);
  }

  /// Computes a block of results.
  void block(Workspace<B> work, Block block) {
    block(work, block, new OwnPanels<>(this, work, block));
  }

  /// Computes a block of results with panels of the right operand that someone has packed.
  void block(Workspace<B> work, Block block, Panels<B> panels) {
    Tiles<B> tiles = work.tiles();
    int pitch = block.pitch(tiles);
    B sums = work.sums(block.down(tiles) * tiles.rows() * pitch);
    start.fill(sums, pitch, block);
    add(work, block, panels, sums, pitch);
    c.store(sums, pitch, block);
  }

  /// Adds a block of results to sums, whose rows lie `pitch` elements apart.
  void add(Workspace<B> work, Block block, B sums, int pitch) {
    add(work, block, new OwnPanels<>(this, work, block), sums, pitch);
  }

  private void add(Workspace<B> work, Block block, Panels<B> panels, B sums, int pitch) {
    Tiles<B> tiles = work.tiles();
    int depths = parts(tiles);
    int rows = block.down(tiles) * tiles.rows() * tiles.pitch();
    boolean packLeft = work.left().open(a, block.row(), depths, rows, rows, true);
    for (int p = 0; p < depths; p++) {
      int depth = depth(tiles, p);
      int left = work.left().at(p, 0);
      if (packLeft) {
        long from = (long) p * tiles.depth();
        B to = work.left().array();
        a.copy(block.row(), from, block.rows(), depth, to, left, tiles.pitch());
      }
      for (int j = 0; j < block.across(tiles); j++) {
        int right = panels.at(p, j);
        int at = j * tiles.columns();
        multiply(work, block, depth, left, panels.array(), right, sums, at, pitch);
      }
    }
  }

  /// Parts that the length of the sums is cut into.
  int parts(Tiles<B> tiles) {
    return (int) Math.ceilDiv(k, tiles.depth());
  }

  /// Length of part `p`.
  private int depth(Tiles<B> tiles, int p) {
    return (int) Math.min(tiles.depth(), k - (long) p * tiles.depth());
  }

  /// Packs panel `j` from `column` on, of at most `columns` columns, of part `p`.
  void pack(Tiles<B> tiles, int p, long column, int j, int columns, B to, int at) {
    int done = j * tiles.columns();
    int width = Math.min(tiles.columns(), columns - done);
    long from = (long) p * tiles.depth();
    b.copy(from, column + done, depth(tiles, p), width, to, at, tiles.columns());
  }

  /// All rows by one panel.
  private void multiply(
      Workspace<B> work,
      Block block,
      int depth,
      int left,
      B b,
      int right,
      B sums,
      int at,
      int pitch) {
    Tiles<B> tiles = work.tiles();
    B a = work.left().array();
    for (int i = 0; i < block.down(tiles); i++) {
      int row = left + i * tiles.rows() * tiles.pitch();
      tiles.multiply(depth, a, row, b, right, sums, at + i * tiles.rows() * pitch, pitch);
    }
  }

  /// A rectangle of results.
  record Block(long row, int rows, long column, int columns) {
    /// The block some columns further on.
    Block movedRight(long by) {
      return new Block(row, rows, column + by, columns);
    }

    /// Tiles on top of each other.
    int down(Tiles<?> tiles) {
      return Math.ceilDiv(rows, tiles.rows());
    }

    /// Tiles beside each other.
    int across(Tiles<?> tiles) {
      return Math.ceilDiv(columns, tiles.columns());
    }

    /// Elements from one row of sums to the next.
    int pitch(Tiles<?> tiles) {
      return across(tiles) * tiles.columns();
    }
  }
}
