package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.vector.Tiles;

/// The panels of a block's right operand, packed.
///
/// @param <B> `float[]` or `double[]`
sealed interface Panels<B> permits OwnPanels, Strip.Part {
  /// Where panel `j` of part `p` of the sums lies in [#array()].
  int at(int p, int j);

  /// What panels lie in.
  B array();

  /// Elements of a panel.
  static int size(Tiles<?> tiles) {
    return tiles.columns() * tiles.depth();
  }
}
