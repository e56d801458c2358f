package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.op.Attention;
import dev.proteus.op.Attention.Causality;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The heads of an attention: where the queries, keys and values of each lie, and how its queries
/// are cut into blocks.
final class Heads {
  static final Tiles<float[]> TILES = InnerLoops.CHOSEN.floats();

  private static final RowLoops ROWS = InnerLoops.CHOSEN.rows();

  /// Scores of a block, about: a part of the second-level cache.
  private static final long TOGETHER = 1 << 16;

  private static final int MOST_ROWS = 128;

  private final Attention op;
  private final Batch q;
  private final Batch k;
  private final Batch v;
  private final Optional<Mask> mask;
  private final Sizes sizes;
  private final int rows;

  /// What the axes count.
  ///
  /// @param heads heads of all images
  /// @param queries queries of a head
  /// @param keys keys of a head
  /// @param width elements of a query or key
  /// @param depth elements of a value
  record Sizes(long heads, long queries, int keys, int width, int depth) {}

  private Heads(Attention op, Batch q, Batch k, Batch v, Optional<Mask> mask, Sizes sizes) {
    this.op = op;
    this.q = q;
    this.k = k;
    this.v = v;
    this.mask = mask;
    this.sizes = sizes;
    int most = Math.clamp(TOGETHER / sizes.keys(), 1, MOST_ROWS);
    this.rows = Math.ceilDiv(most, TILES.rows()) * TILES.rows();
  }

  /// The heads of operands q, k, v and perhaps a mask, whose result has the shape `out`.
  static Heads of(Attention op, List<Operand> in, Shape out) {
    Shape batch = AttentionKernel.batch(out);
    Shape keys = in.get(1).shape();
    Sizes sizes =
        new Sizes(
            batch.numel(),
            out.size(-2),
            (int) keys.size(-2),
            (int) keys.size(-1),
            (int) out.size(-1));
    Shape scores = batch.concat(Shape.of(sizes.queries(), sizes.keys()));
    return new Heads(
        op,
        new Batch(in.get(0), batch),
        new Batch(in.get(1), batch),
        new Batch(in.get(2), batch),
        in.size() < 4 ? Optional.empty() : Optional.of(Mask.of(in.get(3), scores)),
        sizes);
  }

  Sizes sizes() {
    return sizes;
  }

  /// Blocks of queries that a head is cut into.
  long blocks() {
    return Math.ceilDiv(sizes.queries(), rows);
  }

  NativeMatrix queries(long head) {
    return q.matrix(head);
  }

  NativeMatrix keys(long head) {
    return k.matrix(head);
  }

  NativeMatrix values(long head) {
    return v.matrix(head);
  }

  double scale() {
    return op.scale();
  }

  /// Rows of a block at most.
  int rows() {
    return rows;
  }

  /// The scores of some queries with all keys.
  Product.Block all(long i) {
    long row = i * rows;
    return new Product.Block(row, (int) Math.min(rows, sizes.queries() - row), 0, sizes.keys());
  }

  /// The scores of some queries with the keys that any of them sees.
  Product.Block seen(long i) {
    Product.Block all = all(i);
    return new Product.Block(all.row(), all.rows(), 0, seenBy(all.row() + all.rows() - 1));
  }

  /// Keys that a query sees, but for a mask.
  private int seenBy(long query) {
    return op.causality() == Causality.CAUSAL
        ? (int) Math.min(sizes.keys(), query + 1)
        : sizes.keys();
  }

  /// What makes a head's scores; `target` takes them.
  Product<float[]> scores(long head, Product.Target<float[]> target) {
    NativeMatrix queries = queries(head);
    Product.Source<float[]> scaled =
        (row, column, count, columns, to, at, pitch) -> {
          TILES.load(queries, row, column, count, columns, to, at, pitch);
          for (int r = 0; r < count; r++) {
            ROWS.affine(to, at + r * pitch, columns, (float) op.scale(), 0);
          }
        };
    return new Product<>(
        scaled,
        new Product.Stored<>(TILES, keys(head).transposed()),
        Product.zeros(TILES),
        target,
        sizes.queries(),
        sizes.keys(),
        sizes.width());
  }

  /// Replaces a block of scores by their exponentials, 0 where a key is not seen, and fills in by
  /// what factor each row becomes shares that sum to 1.
  void exponentials(
      long head, Product.Block block, float[] scores, int pitch, float[] room, float[] factors) {
    for (int r = 0; r < block.rows(); r++) {
      long row = block.row() + r;
      int at = r * pitch;
      int seen = seenBy(row);
      mask.ifPresent(m -> m.apply(head, row, scores, at, seen, room));
      float max = ROWS.max(scores, at, seen);
      float shift = max == Float.NEGATIVE_INFINITY ? 0 : max;
      float sum = ROWS.exp(scores, at, seen, shift);
      Arrays.fill(scores, at + seen, at + block.columns(), 0);
      factors[r] = sum == 0 ? 1 : 1 / sum;
    }
  }

  /// A block of scores as the left operand of a product.
  static Product.Source<float[]> left(Product.Block block, float[] scores, int pitch) {
    return (row, column, count, columns, to, at, toPitch) -> {
      for (int r = 0; r < count; r++) {
        int from = (int) ((row - block.row() + r) * pitch + column);
        System.arraycopy(scores, from, to, at + r * toPitch, columns);
      }
    };
  }

  /// The first rows of a matrix; a packed operand is reused for the same number of rows only.
  record First(Product.Source<float[]> matrix, int rows) implements Product.Source<float[]> {
    static First of(NativeMatrix matrix, int rows) {
      return new First(new Product.Stored<>(TILES, matrix), rows);
    }

    @Override
    public void copy(long row, long column, int count, int columns, float[] to, int at, int pitch) {
      matrix.copy(row, column, count, columns, to, at, pitch);
    }
  }

  /// Which keys a query sees, or what is added to its scores.
  private record Mask(Batch batch, boolean isSelection) {
    static Mask of(Operand mask, Shape scores) {
      Operand expanded = mask.withLayout(mask.layout().expand(scores));
      return new Mask(
          new Batch(expanded, AttentionKernel.batch(scores)), !mask.dtype().isFloating());
    }

    void apply(long head, long row, float[] scores, int at, int n, float[] room) {
      NativeMatrix matrix = batch.matrix(head);
      if (isSelection) {
        for (int i = 0; i < n; i++) {
          if (!matrix.isSet(row, i)) {
            scores[at + i] = Float.NEGATIVE_INFINITY;
          }
        }
      } else {
        TILES.load(matrix, row, 0, 1, n, room, 0, n);
        ROWS.add(scores, at, room, 0, n);
      }
    }
  }
}
