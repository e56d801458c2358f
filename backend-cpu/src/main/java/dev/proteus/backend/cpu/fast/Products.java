package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.Tiles;
import java.util.function.LongFunction;

/// Products of matrices of one size, shared out to threads block by block.
///
/// @param <B> `float[]` or `double[]`
final class Products<B> {
  /// Rows of a block at most: what is packed of the left operand stays in the second-level cache.
  private static final int ROWS = 128;

  private static final int BLOCKS_PER_THREAD = 4;

  /// Multiplications that are worth a block of their own, and a second thread.
  private static final long WORTHWHILE = 1L << 18;

  private final Tiles<B> tiles;
  private final long count;
  private final LongFunction<Product<B>> products;
  private final Product<B> first;
  private final int rows;
  private final int columns;
  private final long down;
  private final long across;

  /// @param count number of products, at least one
  /// @param products the products, all of one size
  Products(Tiles<B> tiles, long count, LongFunction<Product<B>> products, int threads) {
    this.tiles = tiles;
    this.count = count;
    this.products = products;
    this.first = products.apply(0);
    int mr = tiles.rows();
    int nr = tiles.columns();
    int tallest = (int) Math.min(ROWS, roundUp(first.m(), mr));
    int widest = (int) Math.min(first.columns(tiles), roundUp(first.n(), nr));
    long wanted = wanted(threads);
    while (blocks(tallest, widest) < wanted && (tallest > mr || widest > nr)) {
      if (widest > nr && widest >= tallest || tallest <= mr) {
        widest = (int) roundUp(widest / 2, nr);
      } else {
        tallest = (int) roundUp(tallest / 2, mr);
      }
    }
    this.rows = tallest;
    this.columns = widest;
    this.down = Math.ceilDiv(first.m(), rows);
    this.across = Math.ceilDiv(first.n(), columns);
  }

  private long wanted(int threads) {
    double all = (double) count * first.m() * first.n() * first.k();
    return threads == 1
        ? 1
        : (long) Math.min((double) BLOCKS_PER_THREAD * threads, all / WORTHWHILE);
  }

  private long blocks(int tallest, int widest) {
    return count * Math.ceilDiv(first.m(), tallest) * Math.ceilDiv(first.n(), widest);
  }

  private static long roundUp(long value, int unit) {
    return Math.max(1, Math.ceilDiv(value, unit)) * unit;
  }

  /// Computes all products.
  void run(CpuBackend backend) {
    double each = (double) Math.min(rows, first.m()) * Math.min(columns, first.n()) * first.k();
    long grain = (long) Math.clamp(WORTHWHILE / Math.max(1, each), 1, 1 << 20);
    Team.run(backend, tiles, count * down * across, grain, this::share);
  }

  private void share(Workspace<B> work, long from, long to) {
    long each = down * across;
    Product<B> product = products.apply(from / each);
    for (long i = from; i < to; i++) {
      if (i > from && i % each == 0) {
        product = products.apply(i / each);
      }
      product.block(work, block(i % each));
    }
  }

  private Product.Block block(long i) {
    long row = i % down * rows;
    long column = i / down * columns;
    return new Product.Block(
        row,
        (int) Math.min(rows, first.m() - row),
        column,
        (int) Math.min(columns, first.n() - column));
  }
}
