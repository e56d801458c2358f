package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.VectorChoice;
import dev.proteus.backend.cpu.vector.RowProducts;
import dev.proteus.backend.cpu.vector.ScalarDoubleTiles;
import dev.proteus.backend.cpu.vector.ScalarFloatTiles;
import dev.proteus.backend.cpu.vector.ScalarRowProducts;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.backend.cpu.vector.VectorDoubleTiles;
import dev.proteus.backend.cpu.vector.VectorFloatTiles;
import dev.proteus.backend.cpu.vector.VectorRowProducts;

/// The loops that fast kernels are made of: with the Vector API where the JVM has it, else plain.
///
/// @param floats tiles of products in float32
/// @param doubles tiles of products in float64
/// @param rows products of one row
record InnerLoops(Tiles<float[]> floats, Tiles<double[]> doubles, RowProducts rows) {
  /// Those of this JVM.
  static final InnerLoops CHOSEN = choose();

  private static InnerLoops choose() {
    return VectorChoice.isVector() ? vector() : scalar();
  }

  static InnerLoops scalar() {
    return new InnerLoops(new ScalarFloatTiles(), new ScalarDoubleTiles(), new ScalarRowProducts());
  }

  static InnerLoops vector() {
    return new InnerLoops(new VectorFloatTiles(), new VectorDoubleTiles(), new VectorRowProducts());
  }
}
