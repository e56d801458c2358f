package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.LongCopies;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.op.ArgMax;
import dev.proteus.op.Reduce;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// [ArgMax] row by row, or many columns at a time. Float64 and integers are left to the definition.
final class ArgMaxKernel {
  private static final Tiles<float[]> TILES = InnerLoops.CHOSEN.floats();
  private static final RowLoops LOOPS = InnerLoops.CHOSEN.rows();

  /// Columns that are looked at together; what is known of them stays in the first-level cache.
  private static final int COLUMNS = 1024;

  /// Columns from which on it pays to look at them together.
  private static final int MANY = 16;

  private static final long WORTHWHILE = 1 << 15;

  private ArgMaxKernel() {}

  static Optional<Kernel> make(CpuBackend backend, ArgMax op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    if (x.rank() == 0 || !Rows.accepts(inputs, x.shape().size(op.axis()))) {
      return Optional.empty();
    }
    float sign = op.kind() == Reduce.Kind.MAX ? 1 : -1;
    boolean columns = op.axis() < x.rank() - 1 && x.shape().size(-1) >= MANY;
    return Optional.of(
        columns
            ? (in, out) -> columns(backend, in.getFirst(), out.getFirst(), op.axis(), sign)
            : (in, out) -> rows(backend, in.getFirst(), out.getFirst(), op.axis(), sign));
  }

  private static void rows(CpuBackend backend, Operand x, Operand out, int axis, float sign) {
    AxisRows rows = new AxisRows(List.of(x, out), axis);
    int n = rows.length(0);
    int together = rows.isAcross() ? 16 : 1;
    long grain = Math.max(1, WORTHWHILE / n) * together;
    backend
        .threads()
        .forRange(
            rows.count(),
            grain,
            (from, to) -> {
              float[] values = backend.scratch().floats(n * together + Tiles.SLACK);
              long[] place = new long[1];
              for (long i = from; i < to; ) {
                long row = i % rows.height();
                int count = (int) Math.min(Math.min(to - i, rows.height() - row), together);
                TILES.load(rows.matrix(0, i / rows.height()), row, 0, count, n, values, 0, n);
                if (sign < 0) {
                  LOOPS.affine(values, 0, count * n, -1, 0);
                }
                NativeMatrix result = rows.matrix(1, i / rows.height());
                for (int r = 0; r < count; r++) {
                  place[0] = LOOPS.placeOfMax(values, r * n, n);
                  LongCopies.store(place, 0, 1, result, row + r, 0);
                }
                i += count;
              }
              backend.scratch().give(values);
            });
  }

  private static void columns(CpuBackend backend, Operand x, Operand out, int axis, float sign) {
    Batch matrices = new Batch(x.withLayout(above(x.layout(), axis)), others(x, axis));
    Batch results = new Batch(out.withLayout(above(out.layout(), axis)), others(x, axis));
    int height = Math.toIntExact(x.shape().size(axis));
    long width = x.shape().size(-1);
    long parts = Math.ceilDiv(width, (long) COLUMNS);
    backend
        .threads()
        .forRange(
            others(x, axis).numel() * parts,
            Math.max(1, WORTHWHILE / (Math.min(width, COLUMNS) * height)),
            (from, to) -> {
              float[] row = backend.scratch().floats(COLUMNS + Tiles.SLACK);
              float[] max = backend.scratch().floats(COLUMNS + Tiles.SLACK);
              int[] which = new int[COLUMNS];
              long[] places = new long[COLUMNS];
              for (long i = from; i < to; i++) {
                long first = i % parts * COLUMNS;
                int count = (int) Math.min(COLUMNS, width - first);
                NativeMatrix matrix = matrices.matrix(i / parts);
                Arrays.fill(max, 0, count, Float.NEGATIVE_INFINITY);
                Arrays.fill(which, 0, count, 0);
                for (int r = 0; r < height; r++) {
                  TILES.load(matrix, r, first, 1, count, row, 0, count);
                  if (sign < 0) {
                    LOOPS.affine(row, 0, count, -1, 0);
                  }
                  LOOPS.keepMax(max, which, 0, row, 0, count, r);
                }
                for (int c = 0; c < count; c++) {
                  places[c] = which[c];
                }
                LongCopies.store(places, 0, count, results.matrix(i / parts), 0, first);
              }
              backend.scratch().give(row);
              backend.scratch().give(max);
            });
  }

  /// The axes apart from `axis` and the last.
  private static Shape others(Operand x, int axis) {
    Shape shape = x.shape().without(axis);
    return shape.slice(0, shape.rank() - 1);
  }

  /// The axis as the last but one.
  private static Layout above(Layout layout, int axis) {
    int rank = layout.rank();
    int[] order = new int[rank];
    int at = 0;
    for (int i = 0; i < rank - 1; i++) {
      if (i != axis) {
        order[at++] = i;
      }
    }
    order[rank - 2] = axis;
    order[rank - 1] = rank - 1;
    return layout.permute(order);
  }
}
