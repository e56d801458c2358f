package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.vector.Tiles;

/// How products of one size are cut into blocks of results, so that there are enough of them for
/// all threads. Results do not depend on it.
///
/// @param m rows of a product
/// @param n columns of a product
/// @param rows rows of a block, at most
/// @param columns columns of a block, at most
record Cut(long m, long n, int rows, int columns) {
  /// Multiplications that are worth a block of their own, and a second thread.
  static final long WORTHWHILE = 1L << 19;

  /// Rows of a block at most: what is packed of the left operand stays in the second-level cache.
  static final int ROWS = 128;

  private static final int BLOCKS_PER_THREAD = 4;

  /// @param count number of products
  /// @param product one of them, or a strip of it
  /// @param n columns
  static <B> Cut of(Tiles<B> tiles, long count, Product<B> product, long n, int threads) {
    int mr = tiles.rows();
    int nr = tiles.columns();
    long m = product.m();
    double all = (double) count * m * n * product.k();
    double wanted =
        threads == 1 ? 1 : Math.min((double) BLOCKS_PER_THREAD * threads, all / WORTHWHILE);
    Cut cut = new Cut(m, n, share(m, ROWS, mr), share(n, product.columns(tiles), nr));
    while (count * cut.blocks() < wanted && (cut.rows > mr || cut.columns > nr)) {
      cut =
          cut.columns > nr && cut.columns >= cut.rows || cut.rows <= mr
              ? new Cut(m, n, cut.rows, share(n, cut.columns / 2, nr))
              : new Cut(m, n, share(m, cut.rows / 2, mr), cut.columns);
    }
    return cut;
  }

  /// What each of as few equal parts of `size` gets as make none larger than `most`, in whole
  /// units.
  private static int share(long size, int most, int unit) {
    int units = Math.max(1, most / unit);
    long all = Math.max(1, Math.ceilDiv(size, unit));
    return (int) Math.ceilDiv(all, Math.ceilDiv(all, units)) * unit;
  }

  /// Blocks on top of each other.
  long down() {
    return Math.ceilDiv(m, rows);
  }

  /// Blocks beside each other.
  long across() {
    return Math.ceilDiv(n, columns);
  }

  long blocks() {
    return down() * across();
  }

  /// Blocks in a row that are worth a second thread.
  long grain(long k) {
    double each = (double) Math.min(rows, m) * Math.min(columns, n) * k;
    return (long) Math.clamp(WORTHWHILE / Math.max(1, each), 1, 1 << 20);
  }

  /// Block `i` down and `j` across.
  Product.Block block(long i, long j) {
    return new Product.Block(
        i * rows,
        (int) Math.min(rows, m - i * rows),
        j * columns,
        (int) Math.min(columns, n - j * columns));
  }
}
