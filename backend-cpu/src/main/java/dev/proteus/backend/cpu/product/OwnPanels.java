package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.vector.Tiles;

/// Panels that a thread packs for itself, each right before it is used.
///
/// @param <B> `float[]` or `double[]`
final class OwnPanels<B> implements Panels<B> {
  private final Product<B> product;
  private final Tiles<B> tiles;
  private final Workspace.Packed<B> packed;
  private final Product.Block block;
  private final boolean isToPack;

  OwnPanels(Product<B> product, Workspace<B> work, Product.Block block) {
    this.product = product;
    this.tiles = work.tiles();
    this.packed = work.right();
    this.block = block;
    int panel = Panels.size(tiles);
    this.isToPack =
        packed.open(
            product.b(),
            block.column(),
            product.parts(tiles),
            block.across(tiles) * panel,
            panel,
            product.m() > block.rows());
  }

  @Override
  public int at(int p, int j) {
    int at = packed.at(p, j * Panels.size(tiles));
    if (isToPack) {
      product.pack(tiles, p, block.column(), j, block.columns(), packed.array(), at);
    }
    return at;
  }

  @Override
  public B array() {
    return packed.array();
  }
}
