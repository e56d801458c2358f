package dev.proteus.backend.cpu.vector;

import java.lang.foreign.MemorySegment;

/// The inner loops of a quantized matrix, which is read where it lies and converted in registers:
/// products of a few rows in float32 by its rows, and its rows as floats.
///
/// Codes have a column stride of 1. Rows of x lie `pitch` elements apart, sums of different rows of
/// x `sumPitch`.
public interface CodeProducts {
  /// Elements of a block in 4 bits.
  int BLOCK = 32;

  /// Sets the sums `at` to `at + count`, for each of `rows` rows of x, to its products by so many
  /// rows of int8 codes from `first` on.
  ///
  /// @param depth length of a row
  void int8(
      int depth,
      float[] x,
      int pitch,
      int rows,
      NativeMatrix codes,
      long first,
      int count,
      float[] sums,
      int at,
      int sumPitch);

  /// Sets the sum `at`, for each of `rows` rows of x, to its product by one row of blocks of 4-bit
  /// codes: of 16 bytes that have 16 elements in their low halves and the next 16 in their high
  /// ones. An element is `code·scale + minimum`.
  ///
  /// @param blocks blocks of a row; rows of x are so many times [#BLOCK] long
  /// @param scales one for each block
  /// @param minima one for each block
  void int4(
      int blocks,
      float[] x,
      int pitch,
      int rows,
      NativeMatrix codes,
      long row,
      float[] scales,
      float[] minima,
      float[] sums,
      int at,
      int sumPitch);

  /// Writes `depth` elements of a row of int8 codes as floats at a byte of native memory.
  void floats8(int depth, NativeMatrix codes, long row, float scale, MemorySegment to, long start);

  /// Writes all elements of a row of 4-bit codes as floats at a byte of native memory.
  void floats4(
      int blocks,
      NativeMatrix codes,
      long row,
      float[] scales,
      float[] minima,
      MemorySegment to,
      long start);
}
