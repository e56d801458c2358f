package dev.proteus.backend.cpu.vector;

/// The loops that fast kernels are made of: with the Vector API where the JVM has it, else plain.
///
/// @param floats tiles of products in float32
/// @param doubles tiles of products in float64
/// @param products products of one row by a matrix
/// @param codes products of a few rows by a quantized matrix
/// @param rows loops over rows
public record InnerLoops(
    Tiles<float[]> floats,
    Tiles<double[]> doubles,
    RowProducts products,
    CodeProducts codes,
    RowLoops rows) {
  /// Those of this JVM.
  public static final InnerLoops CHOSEN = choose();

  private static InnerLoops choose() {
    return VectorChoice.isVector() ? vector() : scalar();
  }

  static InnerLoops scalar() {
    return new InnerLoops(
        new ScalarFloatTiles(),
        new ScalarDoubleTiles(),
        new ScalarRowProducts(),
        new ScalarCodeProducts(),
        new ScalarRowLoops());
  }

  static InnerLoops vector() {
    return new InnerLoops(
        new VectorFloatTiles(),
        new VectorDoubleTiles(),
        new VectorRowProducts(),
        Registers.HAS_256 ? new VectorCodeProducts() : new ScalarCodeProducts(),
        new VectorRowLoops());
  }
}
