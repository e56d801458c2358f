package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.Tiles;

/// One product that is so large that it pays to pack each part of its operands but once: strips of
/// the right one by all threads together, then rows of the left one by whoever computes with them.
///
/// @param <B> `float[]` or `double[]`
/// @param tiles the inner loops
/// @param product the product
record LargeProduct<B>(Tiles<B> tiles, Product<B> product) {
  /// Multiplications that are worth waiting for each other once more.
  private static final double LARGE = 1L << 23;

  /// Elements of a packed strip, about.
  private static final long STRIP = 1L << 22;

  static <B> boolean isLarge(Tiles<B> tiles, Product<B> product) {
    return product.m() > Cut.ROWS
        && (double) product.m() * product.n() * product.k() >= LARGE
        && product.k() * 4 * tiles.columns() <= STRIP;
  }

  void run(CpuBackend backend) {
    int strip = strip();
    for (long column = 0; column < product.n(); column += strip) {
      run(backend, column, (int) Math.min(strip, product.n() - column));
    }
  }

  /// Columns of a strip.
  private int strip() {
    long panels = STRIP / ((long) product.parts(tiles) * Panels.size(tiles));
    return (int) Math.min(product.n(), Math.max(1, panels) * tiles.columns());
  }

  private void run(CpuBackend backend, long column, int columns) {
    Cut cut = Cut.of(tiles, 1, product, columns, backend.threads().count());
    try (Strip<B> strip = Strip.pack(backend, tiles, product, column, columns)) {
      Team.run(
          backend,
          tiles,
          cut.blocks(),
          cut.grain(product.k()),
          (work, from, to) -> {
            for (long i = from; i < to; i++) {
              Product.Block block = cut.block(i / cut.across(), i % cut.across());
              product.block(work, block.movedRight(column), strip.panels((int) block.column()));
            }
          });
    }
  }
}
