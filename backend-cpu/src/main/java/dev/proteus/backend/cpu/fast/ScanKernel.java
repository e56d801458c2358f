package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.DoubleCopies;
import dev.proteus.backend.cpu.vector.FloatCopies;
import dev.proteus.backend.cpu.vector.LongCopies;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.op.CumSum;
import dev.proteus.op.Cumulate;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [CumSum] and [Cumulate] in one pass over each row. Sums and products of floating types are kept
/// in float64 and rounded where they are written; `logcumsumexp` is left to the definition.
final class ScanKernel {
  /// Elements that are read, combined and written at a time.
  private static final int PIECE = 1024;

  private static final long WORTHWHILE = 1 << 14;

  private ScanKernel() {}

  private enum Kind {
    SUM,
    PROD,
    MAX,
    MIN
  }

  static Optional<Kernel> cumSum(CpuBackend backend, CumSum op, List<TensorSpec> inputs) {
    return kernel(backend, inputs.getFirst(), Kind.SUM, op.axis(), op.direction());
  }

  static Optional<Kernel> cumulate(CpuBackend backend, Cumulate op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    return switch (op.kind()) {
      case PROD -> kernel(backend, x, Kind.PROD, op.axis(), CumSum.Direction.FORWARD);
      case MAX -> kernel(backend, x, Kind.MAX, op.axis(), CumSum.Direction.FORWARD);
      case MIN -> kernel(backend, x, Kind.MIN, op.axis(), CumSum.Direction.FORWARD);
      case LOGSUMEXP -> Optional.empty();
    };
  }

  private static Optional<Kernel> kernel(
      CpuBackend backend, TensorSpec x, Kind kind, int axis, CumSum.Direction direction) {
    return Optional.of(
        (in, out) -> run(backend, x.dtype(), kind, axis, direction, in.getFirst(), out.getFirst()));
  }

  private static void run(
      CpuBackend backend,
      DType dtype,
      Kind kind,
      int axis,
      CumSum.Direction direction,
      Operand x,
      Operand out) {
    AxisRows rows = new AxisRows(List.of(x, out), axis);
    int n = rows.length(0);
    backend
        .threads()
        .forRange(
            rows.count(),
            Math.max(1, WORTHWHILE / Math.max(1, n)),
            (from, to) -> {
              Buffer buffer = dtype.isFloating() ? new Reals(kind, dtype) : new Integers(kind);
              for (long i = from; i < to; i++) {
                NativeMatrix source = rows.matrix(0, i / rows.height());
                NativeMatrix target = rows.matrix(1, i / rows.height());
                scan(buffer, source, target, i % rows.height(), n, direction);
              }
            });
  }

  private static void scan(
      Buffer buffer,
      NativeMatrix from,
      NativeMatrix to,
      long row,
      int n,
      CumSum.Direction direction) {
    buffer.start();
    for (int done = 0; done < n; done += PIECE) {
      int count = Math.min(PIECE, n - done);
      switch (direction) {
        case FORWARD -> buffer.pass(from, to, row, done, count, 0, 1);
        case BACKWARD -> buffer.pass(from, to, row, n - done - count, count, count - 1, -1);
      }
    }
  }

  /// Elements on their way, and what has come before them.
  private sealed interface Buffer {
    void start();

    /// Reads `count` elements of a row from a column on, combines them from `first` on in steps of
    /// 1 or -1, and writes them.
    void pass(
        NativeMatrix from, NativeMatrix to, long row, long column, int count, int first, int step);
  }

  private static final class Reals implements Buffer {
    private final Kind kind;
    private final DType dtype;
    private final float[] floats = new float[PIECE];
    private final double[] values = new double[PIECE];
    private double last;

    Reals(Kind kind, DType dtype) {
      this.kind = kind;
      this.dtype = dtype;
    }

    @Override
    public void start() {
      last =
          switch (kind) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
          };
    }

    @Override
    public void pass(
        NativeMatrix from, NativeMatrix to, long row, long column, int count, int first, int step) {
      if (dtype == DType.FLOAT64) {
        DoubleCopies.load(from, row, column, 1, count, values, 0, PIECE);
        combine(count, first, step);
        DoubleCopies.store(values, 0, PIECE, 1, count, to, row, column);
        return;
      }
      FloatCopies.load(from, row, column, 1, count, floats, 0, PIECE);
      for (int i = 0; i < count; i++) {
        values[i] = floats[i];
      }
      combine(count, first, step);
      for (int i = 0; i < count; i++) {
        floats[i] = (float) values[i];
      }
      FloatCopies.store(floats, 0, PIECE, 1, count, to, row, column);
    }

    private void combine(int count, int first, int step) {
      double before = last;
      int at = first;
      for (int i = 0; i < count; i++, at += step) {
        double value = values[at];
        before =
            switch (kind) {
              case SUM -> before + value;
              case PROD -> before * value;
              case MAX -> Math.max(before, value);
              case MIN -> Math.min(before, value);
            };
        values[at] = before;
      }
      last = before;
    }
  }

  private static final class Integers implements Buffer {
    private final Kind kind;
    private final long[] values = new long[PIECE];
    private long last;

    Integers(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void start() {
      last =
          switch (kind) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Long.MIN_VALUE;
            case MIN -> Long.MAX_VALUE;
          };
    }

    @Override
    public void pass(
        NativeMatrix from, NativeMatrix to, long row, long column, int count, int first, int step) {
      LongCopies.load(from, row, column, count, values, 0);
      long before = last;
      int at = first;
      for (int i = 0; i < count; i++, at += step) {
        long value = values[at];
        before =
            switch (kind) {
              case SUM -> before + value;
              case PROD -> before * value;
              case MAX -> Math.max(before, value);
              case MIN -> Math.min(before, value);
            };
        values[at] = before;
      }
      last = before;
      LongCopies.store(values, 0, count, to, row, column);
    }
  }
}
