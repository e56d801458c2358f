package dev.proteus.backend.cpu.vector;

/// The inner loops of products of one row by a float32 matrix, which is read where it lies.
public interface RowProducts {
  /// Adds to each of `columns` sums the product of x by a column of b, whose rows are contiguous:
  /// row after row.
  ///
  /// @param depth length of x, rows of b
  /// @param column first column of b
  void addRows(
      int depth, float[] x, NativeMatrix b, long column, int columns, float[] sums, int at);

  /// Sets each of `columns` sums to the product of x by a column of b, whose columns are
  /// contiguous.
  ///
  /// @param depth length of x, rows of b
  /// @param column first column of b
  void dots(int depth, float[] x, NativeMatrix b, long column, int columns, float[] sums, int at);
}
