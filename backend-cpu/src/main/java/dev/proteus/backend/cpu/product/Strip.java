package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.Tiles;

/// Some columns of a right operand, packed by all threads for all of them.
///
/// @param <B> `float[]` or `double[]`
final class Strip<B> implements AutoCloseable {
  /// Elements that are worth a second thread.
  private static final int GRAIN = 1 << 15;

  private final CpuBackend backend;
  private final Tiles<B> tiles;
  private final int across;
  private final B array;

  private Strip(CpuBackend backend, Tiles<B> tiles, int across, B array) {
    this.backend = backend;
    this.tiles = tiles;
    this.across = across;
    this.array = array;
  }

  /// Packs `columns` columns of a product's right operand.
  static <B> Strip<B> pack(
      CpuBackend backend, Tiles<B> tiles, Product<B> product, long column, int columns) {
    int across = Math.ceilDiv(columns, tiles.columns());
    int size = Panels.size(tiles);
    int count = product.parts(tiles) * across;
    B array = tiles.take(backend.scratch(), count * size + Tiles.SLACK);
    backend
        .threads()
        .forRange(
            count,
            Math.ceilDiv(GRAIN, size),
            (from, to) -> {
              for (int i = (int) from; i < to; i++) {
                product.pack(tiles, i / across, column, i % across, columns, array, i * size);
              }
            });
    return new Strip<>(backend, tiles, across, array);
  }

  /// The panels from a column of the strip on.
  Panels<B> panels(int column) {
    return new Part<>(this, column / tiles.columns());
  }

  @Override
  public void close() {
    tiles.give(backend.scratch(), array);
  }

  /// Panels of a strip from one on.
  record Part<B>(Strip<B> strip, int first) implements Panels<B> {
    @Override
    public int at(int p, int j) {
      return (p * strip.across + first + j) * Panels.size(strip.tiles);
    }

    @Override
    public B array() {
      return strip.array;
    }
  }
}
