package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.Tiles;
import java.util.function.LongFunction;

/// Products of matrices of one size, shared out to threads block by block.
///
/// @param <B> `float[]` or `double[]`
/// @param tiles the inner loops
/// @param count number of products, at least one
/// @param products the products, all of one size
record Products<B>(Tiles<B> tiles, long count, LongFunction<Product<B>> products) {
  /// Computes all products.
  void run(CpuBackend backend) {
    Product<B> first = products.apply(0);
    int threads = backend.threads().count();
    if (count == 1 && LargeProduct.isLarge(tiles, first)) {
      new LargeProduct<>(tiles, first).run(backend);
      return;
    }
    Cut cut = Cut.of(tiles, count, first, first.n(), threads);
    Team.run(
        backend,
        tiles,
        count * cut.blocks(),
        cut.grain(first.k()),
        (work, from, to) -> share(work, cut, from, to));
  }

  /// Blocks that use the same columns of a right operand follow each other.
  private void share(Workspace<B> work, Cut cut, long from, long to) {
    Product<B> product = products.apply(from / cut.blocks());
    for (long i = from; i < to; i++) {
      long block = i % cut.blocks();
      if (i > from && block == 0) {
        product = products.apply(i / cut.blocks());
      }
      product.block(work, cut.block(block % cut.down(), block / cut.down()));
    }
  }
}
