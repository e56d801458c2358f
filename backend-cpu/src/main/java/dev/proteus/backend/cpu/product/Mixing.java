package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.backend.cpu.vector.Scratch;
import dev.proteus.backend.cpu.vector.Tiles;

/// What a thread needs to mix the values of heads by what their queries take of each key.
final class Mixing implements Team.Kept {
  private static final Tiles<float[]> TILES = Heads.TILES;
  private static final RowLoops ROWS = InnerLoops.CHOSEN.rows();

  private final Heads heads;
  private final Batch results;
  private final Workspace<float[]> scores;
  private final Workspace<float[]> values;
  private final float[] factors;

  Mixing(Heads heads, Batch results, Scratch scratch) {
    this.heads = heads;
    this.results = results;
    this.scores = new Workspace<>(TILES, scratch);
    this.values = new Workspace<>(TILES, scratch);
    this.factors = new float[heads.rows()];
  }

  /// Computes the results of a block of queries.
  void run(long head, long i) {
    heads
        .scores(head, (sums, pitch, block) -> mix(head, block, sums, pitch))
        .block(scores, heads.seen(i));
  }

  /// The products are of exponentials; their sums divide the results, which are fewer.
  private void mix(long head, Product.Block block, float[] sums, int pitch) {
    float[] room = scores.rows(block.columns() + Tiles.SLACK);
    heads.exponentials(head, block, sums, pitch, room, factors);
    Product.Target<float[]> results = Product.into(TILES, this.results.matrix(head));
    Heads.Sizes sizes = heads.sizes();
    new Product<>(
            Heads.left(block, sums, pitch),
            Heads.First.of(heads.values(head), block.columns()),
            Product.zeros(TILES),
            (mixed, mixedPitch, b) -> {
              for (int r = 0; r < b.rows(); r++) {
                ROWS.affine(mixed, r * mixedPitch, b.columns(), factors[r], 0);
              }
              results.store(mixed, mixedPitch, b);
            },
            sizes.queries(),
            sizes.depth(),
            block.columns())
        .block(values, new Product.Block(block.row(), block.rows(), 0, sizes.depth()));
  }

  @Override
  public void close() {
    scores.close();
    values.close();
  }
}
