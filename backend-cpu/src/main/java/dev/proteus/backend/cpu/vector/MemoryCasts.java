package dev.proteus.backend.cpu.vector;

import dev.proteus.type.DType;
import java.lang.foreign.MemorySegment;

/// Conversions between floating types that read and write memory without a block in between.
///
/// Places are in bytes. The results are those of the block loops, to the bit.
public interface MemoryCasts {
  /// Whether there is such a loop for these two types.
  static boolean has(DType from, DType to) {
    return switch (from) {
      case FLOAT32 -> to == DType.FLOAT64 || to == DType.BFLOAT16;
      case FLOAT64, BFLOAT16 -> to == DType.FLOAT32;
      case FLOAT16, INT64, INT32, INT16, INT8, UINT8, BOOL -> false;
    };
  }

  /// Converts `n` elements of one type at `aAt` of `a` to another at `toAt` of `to`.
  void cast(DType from, MemorySegment a, long aAt, DType type, MemorySegment to, long toAt, long n);
}
