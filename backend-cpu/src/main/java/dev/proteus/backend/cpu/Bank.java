package dev.proteus.backend.cpu;

import dev.proteus.type.DType;

/// The four kinds of registers of the block interpreter.
enum Bank {
  /// float32, and the halves while they are computed with.
  FLOATS,
  DOUBLES,
  /// int32 and the narrower integers, and bool as 0 or 1.
  INTS,
  LONGS;

  static Bank of(DType dtype) {
    return switch (dtype) {
      case FLOAT32, FLOAT16, BFLOAT16 -> FLOATS;
      case FLOAT64 -> DOUBLES;
      case INT32, INT16, INT8, UINT8, BOOL -> INTS;
      case INT64 -> LONGS;
    };
  }
}
