package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.LongCopies;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.op.ArgMax;
import dev.proteus.op.Reduce;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// [ArgMax] row by row, or many columns at a time. Float64 and integers are left to the definition.
public final class ArgMaxKernel {
  private static final Tiles<float[]> TILES = InnerLoops.CHOSEN.floats();
  private static final RowLoops LOOPS = InnerLoops.CHOSEN.rows();

  /// Columns that are looked at together; what is known of them stays in the first-level cache.
  private static final int COLUMNS = 1024;

  private static final long WORTHWHILE = 1 << 15;

  private ArgMaxKernel() {}

  /// The kernel of [ArgMax] for such inputs, if there is one.
  public static Optional<Kernel> make(CpuBackend backend, ArgMax op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    if (x.rank() == 0 || !Rows.accepts(inputs, x.shape().size(op.axis()))) {
      return Optional.empty();
    }
    float sign = op.kind() == Reduce.Kind.MAX ? 1 : -1;
    return Optional.of(
        AxisColumns.pays(x, op.axis())
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
    AxisColumns columns = new AxisColumns(List.of(x, out), axis, COLUMNS);
    int height = columns.height();
    backend
        .threads()
        .forRange(
            columns.count(),
            Math.max(1, WORTHWHILE / ((long) COLUMNS * height)),
            (from, to) -> {
              float[] row = backend.scratch().floats(COLUMNS + Tiles.SLACK);
              float[] max = backend.scratch().floats(COLUMNS + Tiles.SLACK);
              int[] which = new int[COLUMNS];
              long[] places = new long[COLUMNS];
              for (long i = from; i < to; i++) {
                int count = columns.width(i);
                Arrays.fill(max, 0, count, Float.NEGATIVE_INFINITY);
                Arrays.fill(which, 0, count, 0);
                for (int r = 0; r < height; r++) {
                  TILES.load(columns.matrix(0, i), r, columns.first(i), 1, count, row, 0, count);
                  if (sign < 0) {
                    LOOPS.affine(row, 0, count, -1, 0);
                  }
                  LOOPS.keepMax(max, which, 0, row, 0, count, r);
                }
                for (int c = 0; c < count; c++) {
                  places[c] = which[c];
                }
                LongCopies.store(places, 0, count, columns.matrix(1, i), 0, columns.first(i));
              }
              backend.scratch().give(row);
              backend.scratch().give(max);
            });
  }
}
