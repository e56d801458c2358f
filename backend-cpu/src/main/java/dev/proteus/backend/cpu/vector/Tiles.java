package dev.proteus.backend.cpu.vector;

/// The inner loops of matrix products, over heap arrays of one type.
///
/// A product is made of tiles of [#rows()] by [#columns()] results, each a sum of [#depth()] terms
/// at a time (Goto, van de Geijn, "Anatomy of high-performance matrix multiplication", 2008). Rows
/// of the left operand lie [#pitch()] elements apart, a constant that the compiler knows; of the
/// right operand, [#columns()] columns lie together in a panel.
///
/// @param <B> `float[]` or `double[]`
public interface Tiles<B> {
  /// Elements beyond the end of a row that a copy may touch.
  int SLACK = 64;

  /// Rows of a tile.
  int rows();

  /// Columns of a tile.
  int columns();

  /// Terms that are added in one go.
  int depth();

  /// Elements from one row of a packed left operand to the next, at least [#depth()].
  int pitch();

  /// An array of at least `length` elements; give it back with [#give(Scratch, Object)].
  B take(Scratch scratch, int length);

  /// Gives an array back for reuse.
  void give(Scratch scratch, B array);

  /// Sets `count` elements to a value.
  void fill(B array, int at, int count, double value);

  /// Adds to a tile of c, whose rows lie `cPitch` elements apart, the product of `depth` columns of
  /// packed rows of a by a panel of b.
  void multiply(int depth, B a, int aAt, B b, int bAt, B c, int cAt, int cPitch);

  /// Packs a panel whose row k lies at `start + offsets[first + k]`.
  void copyPanel(int depth, B from, int start, int[] offsets, int first, B to, int at);

  /// As [#multiply], with a panel that is not packed: its row k lies at `bAt + offsets[from + k]`.
  void multiplyAt(
      int depth, B a, int aAt, B b, int bAt, int[] offsets, int from, B c, int cAt, int cPitch);

  /// Copies a part of a matrix row by row into an array, converted to its type.
  void load(
      NativeMatrix from, long row, long column, int rows, int columns, B to, int at, int pitch);

  /// Copies rows of neighbours, of which row r lies at `start + offsets[first + r]`.
  default void copyRows(
      B from, int start, int[] offsets, int first, int rows, int columns, B to, int at, int pitch) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, start + offsets[first + r], to, at + r * pitch, columns);
    }
  }

  /// Adds `count` elements to others.
  void add(B from, int start, B to, int at, int count);

  /// Copies rows of an array into a part of a matrix, converted to the matrix' type.
  void store(
      B from, int at, int pitch, int rows, int columns, NativeMatrix to, long row, long column);
}
