package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.VectorChoice;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.backend.cpu.vector.RowProducts;
import dev.proteus.backend.cpu.vector.ScalarDoubleTiles;
import dev.proteus.backend.cpu.vector.ScalarFloatTiles;
import dev.proteus.backend.cpu.vector.ScalarRowLoops;
import dev.proteus.backend.cpu.vector.ScalarRowProducts;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.backend.cpu.vector.VectorDoubleTiles;
import dev.proteus.backend.cpu.vector.VectorFloatTiles;
import dev.proteus.backend.cpu.vector.VectorRowLoops;
import dev.proteus.backend.cpu.vector.VectorRowProducts;

/// The loops that fast kernels are made of: with the Vector API where the JVM has it, else plain.
///
/// @param floats tiles of products in float32
/// @param doubles tiles of products in float64
/// @param products products of one row by a matrix
/// @param rows loops over rows
record InnerLoops(
    Tiles<float[]> floats, Tiles<double[]> doubles, RowProducts products, RowLoops rows) {
  /// Those of this JVM.
  static final InnerLoops CHOSEN = choose();

  private static InnerLoops choose() {
    return VectorChoice.isVector() ? vector() : scalar();
  }

  static InnerLoops scalar() {
    return new InnerLoops(
        new ScalarFloatTiles(),
        new ScalarDoubleTiles(),
        new ScalarRowProducts(),
        new ScalarRowLoops());
  }

  static InnerLoops vector() {
    return new InnerLoops(
        new VectorFloatTiles(),
        new VectorDoubleTiles(),
        new VectorRowProducts(),
        new VectorRowLoops());
  }
}
