package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.vector.Scratch;
import java.lang.foreign.MemorySegment;

/// The weight `[n, k]` of a linear layer as codes that stand for floats.
sealed interface CodedWeight permits Int8LinearKernel.Weight, Int4LinearKernel.Weight {
  /// Elements of a row, and those that fill its last block up.
  int length();

  /// Sets `count` sums of each row of x, [FewRows#SUM_PITCH] apart, to its products by rows of this
  /// from `first` on.
  ///
  /// @param x rows of [#length()] elements, one after the other
  /// @param rows number of rows of x
  void dots(Scratch scratch, float[] x, int rows, long first, int count, float[] sums);

  /// Writes `count` rows of [#length()] floats from `first` on at a byte of native memory.
  void floats(Scratch scratch, long first, int count, MemorySegment to, long start);
}
