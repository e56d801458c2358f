package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.backend.cpu.vector.Scratch;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.List;

/// What a thread needs to compute the gradients of heads, each of them whole.
///
/// With shares P = softmax(S) and gradients G of the results: `dP = G·vᵀ`, `dS = P∘(dP − Σ P∘dP)`,
/// `dq = dS·k`, `dkᵀ = qᵀ·dS`, `dvᵀ = Gᵀ·P`. The last two are summed over the blocks of queries.
final class HeadGradients implements Team.Kept {
  private static final Tiles<float[]> TILES = Heads.TILES;
  private static final RowLoops ROWS = InnerLoops.CHOSEN.rows();

  private final Heads heads;
  private final Places places;
  private final Workspace<float[]> scores;
  private final Workspace<float[]> ofShares;
  private final Workspace<float[]> ofQ;
  private final Sums ofK;
  private final Sums ofV;
  private final float[] factors;

  /// Where the gradient of the result lies, and where those of the operands go.
  record Places(Batch g, Batch ofQ, Batch ofK, Batch ofV) {
    static Places of(Operand g, List<Operand> out) {
      Shape batch = AttentionKernel.batch(g.shape());
      return new Places(
          new Batch(g, batch),
          new Batch(out.get(0), batch),
          new Batch(out.get(1), batch),
          new Batch(out.get(2), batch));
    }
  }

  HeadGradients(Heads heads, Places places, Scratch scratch) {
    this.heads = heads;
    this.places = places;
    this.scores = new Workspace<>(TILES, scratch);
    this.ofShares = new Workspace<>(TILES, scratch);
    this.ofQ = new Workspace<>(TILES, scratch);
    this.ofK = new Sums(scratch, heads.sizes().width(), heads.sizes().keys());
    this.ofV = new Sums(scratch, heads.sizes().depth(), heads.sizes().keys());
    this.factors = new float[heads.rows()];
  }

  /// Computes the gradients of a head.
  void run(long head) {
    ofK.start(places.ofK().matrix(head));
    ofV.start(places.ofV().matrix(head));
    for (long i = 0; i < heads.blocks(); i++) {
      heads
          .scores(head, (sums, pitch, block) -> shares(head, block, sums, pitch))
          .block(scores, heads.all(i));
    }
    ofK.store();
    ofV.store();
  }

  private void shares(long head, Product.Block block, float[] shares, int pitch) {
    float[] room = scores.rows(block.columns() + Tiles.SLACK);
    heads.exponentials(head, block, shares, pitch, room, factors);
    for (int r = 0; r < block.rows(); r++) {
      ROWS.affine(shares, r * pitch, block.columns(), factors[r], 0);
    }
    NativeMatrix g = places.g().matrix(head);
    ofV.add(g, block, shares, pitch);
    Heads.Sizes sizes = heads.sizes();
    new Product<>(
            new Product.Stored<>(TILES, g),
            new Product.Stored<>(TILES, heads.values(head).transposed()),
            Product.zeros(TILES),
            (gradients, _, b) -> scores(head, b, shares, gradients, pitch),
            sizes.queries(),
            sizes.keys(),
            sizes.depth())
        .block(ofShares, block);
  }

  /// Turns gradients of shares into those of scores, and these into those of queries and keys.
  private void scores(
      long head, Product.Block block, float[] shares, float[] gradients, int pitch) {
    float scale = (float) heads.scale();
    int n = block.columns();
    for (int at = 0; at < block.rows() * pitch; at += pitch) {
      float along = ROWS.dot(shares, at, gradients, at, n);
      ROWS.affine(gradients, at, n, scale, -along * scale);
      ROWS.multiply(gradients, at, shares, at, n);
    }
    ofK.add(heads.queries(head), block, gradients, pitch);
    Heads.Sizes sizes = heads.sizes();
    new Product<>(
            Heads.left(block, gradients, pitch),
            new Product.Stored<>(TILES, heads.keys(head)),
            Product.zeros(TILES),
            Product.into(TILES, places.ofQ().matrix(head)),
            sizes.queries(),
            sizes.width(),
            sizes.keys())
        .block(ofQ, new Product.Block(block.row(), block.rows(), 0, sizes.width()));
  }

  @Override
  public void close() {
    scores.close();
    ofShares.close();
    ofQ.close();
    ofK.close();
    ofV.close();
  }

  /// The gradient of the keys or the values of a head, one column for each, summed over blocks of
  /// queries.
  private static final class Sums implements Team.Kept {
    private final Workspace<float[]> work;
    private final Product.Block all;
    private Product.Target<float[]> target = (_, _, _) -> {};

    Sums(Scratch scratch, int width, int keys) {
      this.work = new Workspace<>(TILES, scratch);
      this.all = new Product.Block(0, width, 0, keys);
    }

    private float[] sums() {
      return work.sums(all.down(TILES) * TILES.rows() * all.pitch(TILES));
    }

    /// Begins sums of 0 that go to `to` in the end.
    void start(NativeMatrix to) {
      Arrays.fill(sums(), 0);
      target = Product.into(TILES, to.transposed());
    }

    /// Adds the product of the block's rows of a matrix, turned, by its shares or their gradients.
    void add(NativeMatrix matrix, Product.Block block, float[] right, int pitch) {
      NativeMatrix rows = matrix.plus(block.row() * matrix.rowStride());
      Product.Block whole = new Product.Block(0, block.rows(), 0, block.columns());
      new Product<>(
              new Product.Stored<>(TILES, rows.transposed()),
              Heads.left(whole, right, pitch),
              Product.zeros(TILES),
              target,
              all.rows(),
              all.columns(),
              block.rows())
          .add(work, all, sums(), all.pitch(TILES));
    }

    void store() {
      target.store(sums(), all.pitch(TILES), all);
    }

    @Override
    public void close() {
      work.close();
    }
  }
}
