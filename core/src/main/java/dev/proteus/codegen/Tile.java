package dev.proteus.codegen;

import dev.proteus.type.DType;

/// The part of a product that stays in registers.
///
/// @param rows rows of a panel of the left operand
/// @param columns columns of a panel of the right operand
/// @param width columns in one vector
public record Tile(int rows, int columns, int width) {
  /// The tile for elements of `dtype` on a device whose vectors have so many bytes: two vectors
  /// wide, and as high as its registers allow.
  public static Tile of(DType dtype, int vectorBytes) {
    int lanes = vectorBytes / (dtype == DType.FLOAT64 ? 8 : 4);
    int width = Math.clamp(lanes, 2, 16);
    boolean hasManyRegisters = vectorBytes >= 64;
    return new Tile(hasManyRegisters ? 8 : 4, 2 * width, width);
  }
}
