package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.DoubleCopies;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.LongCopies;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.op.CumSum;
import dev.proteus.op.Cumulate;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// [CumSum] and [Cumulate] in one pass, along a row or down many columns at a time. Sums and
/// products of floating types are kept in float64 and rounded where they are written;
/// `logcumsumexp` is left to the definition.
public final class ScanKernel {
  /// Elements of a row, or columns, that are read, combined and written at a time.
  private static final int PIECE = 1024;

  private static final long WORTHWHILE = 1 << 14;

  private ScanKernel() {}

  private enum Kind {
    SUM,
    PROD,
    MAX,
    MIN
  }

  /// The kernel of [CumSum] for such inputs, if there is one.
  public static Optional<Kernel> cumSum(CpuBackend backend, CumSum op, List<TensorSpec> inputs) {
    return Optional.of(kernel(backend, inputs.getFirst(), Kind.SUM, op.axis(), op.direction()));
  }

  /// The kernel of [Cumulate] for such inputs, if there is one.
  public static Optional<Kernel> cumulate(
      CpuBackend backend, Cumulate op, List<TensorSpec> inputs) {
    Optional<Kind> kind =
        switch (op.kind()) {
          case PROD -> Optional.of(Kind.PROD);
          case MAX -> Optional.of(Kind.MAX);
          case MIN -> Optional.of(Kind.MIN);
          case LOGSUMEXP -> Optional.empty();
        };
    TensorSpec x = inputs.getFirst();
    return kind.map(k -> kernel(backend, x, k, op.axis(), CumSum.Direction.FORWARD));
  }

  private static Kernel kernel(
      CpuBackend backend, TensorSpec x, Kind kind, int axis, CumSum.Direction direction) {
    boolean down = AxisColumns.pays(x, axis);
    return (in, out) -> {
      if (down) {
        down(backend, kind, axis, direction, in.getFirst(), out.getFirst());
      } else {
        along(backend, kind, axis, direction, in.getFirst(), out.getFirst());
      }
    };
  }

  private static void along(
      CpuBackend backend, Kind kind, int axis, CumSum.Direction direction, Operand x, Operand out) {
    AxisRows rows = new AxisRows(List.of(x, out), axis);
    int n = rows.length(0);
    backend
        .threads()
        .forRange(
            rows.count(),
            Math.max(1, WORTHWHILE / Math.max(1, n)),
            (from, to) -> {
              Buffer buffer = Buffer.of(kind, x.dtype());
              for (long i = from; i < to; i++) {
                NativeMatrix source = rows.matrix(0, i / rows.height());
                NativeMatrix target = rows.matrix(1, i / rows.height());
                along(buffer, source, target, i % rows.height(), n, direction);
              }
            });
  }

  private static void along(
      Buffer buffer,
      NativeMatrix from,
      NativeMatrix to,
      long row,
      int n,
      CumSum.Direction direction) {
    buffer.start();
    for (int done = 0; done < n; done += PIECE) {
      int count = Math.min(PIECE, n - done);
      int column = direction == CumSum.Direction.FORWARD ? done : n - done - count;
      buffer.load(from, row, column, count);
      switch (direction) {
        case FORWARD -> buffer.along(count, 0, 1);
        case BACKWARD -> buffer.along(count, count - 1, -1);
      }
      buffer.store(to, row, column, count);
    }
  }

  private static void down(
      CpuBackend backend, Kind kind, int axis, CumSum.Direction direction, Operand x, Operand out) {
    AxisColumns columns = new AxisColumns(List.of(x, out), axis, PIECE);
    backend
        .threads()
        .forRange(
            columns.count(),
            Math.max(1, WORTHWHILE / Math.max(1, (long) PIECE * columns.height())),
            (from, to) -> {
              Buffer buffer = Buffer.of(kind, x.dtype());
              for (long i = from; i < to; i++) {
                buffer.start();
                int last = columns.height() - 1;
                for (int r = 0; r <= last; r++) {
                  int row = direction == CumSum.Direction.FORWARD ? r : last - r;
                  buffer.load(columns.matrix(0, i), row, columns.first(i), columns.width(i));
                  buffer.down(columns.width(i));
                  buffer.store(columns.matrix(1, i), row, columns.first(i), columns.width(i));
                }
              }
            });
  }

  /// Elements on their way, and what has come before them.
  private sealed interface Buffer {
    static Buffer of(Kind kind, DType dtype) {
      return dtype.isFloating() ? new Reals(kind, dtype) : new Integers(kind);
    }

    /// Forgets what has come before.
    void start();

    void load(NativeMatrix from, long row, long column, int count);

    /// Combines each element with the one before it, from `first` on in steps of 1 or -1.
    void along(int count, int first, int step);

    /// Combines each element with what stood at its place before.
    void down(int count);

    void store(NativeMatrix to, long row, long column, int count);
  }

  private static final class Reals implements Buffer {
    private final Kind kind;
    private final DType dtype;
    private final float[] floats = new float[PIECE];
    private final double[] values = new double[PIECE];
    private final double[] before = new double[PIECE];

    Reals(Kind kind, DType dtype) {
      this.kind = kind;
      this.dtype = dtype;
    }

    @Override
    public void start() {
      Arrays.fill(
          before,
          switch (kind) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
          });
    }

    @Override
    public void load(NativeMatrix from, long row, long column, int count) {
      if (dtype == DType.FLOAT64) {
        DoubleCopies.load(from, row, column, 1, count, values, 0, PIECE);
        return;
      }
      InnerLoops.CHOSEN.floats().load(from, row, column, 1, count, floats, 0, PIECE);
      for (int i = 0; i < count; i++) {
        values[i] = floats[i];
      }
    }

    @Override
    public void along(int count, int first, int step) {
      double last = before[0];
      int at = first;
      for (int i = 0; i < count; i++, at += step) {
        double value = values[at];
        last =
            switch (kind) {
              case SUM -> last + value;
              case PROD -> last * value;
              case MAX -> Math.max(last, value);
              case MIN -> Math.min(last, value);
            };
        values[at] = last;
      }
      before[0] = last;
    }

    @Override
    public void down(int count) {
      switch (kind) {
        case SUM -> {
          for (int i = 0; i < count; i++) {
            values[i] += before[i];
          }
        }
        case PROD -> {
          for (int i = 0; i < count; i++) {
            values[i] *= before[i];
          }
        }
        case MAX -> {
          for (int i = 0; i < count; i++) {
            values[i] = Math.max(values[i], before[i]);
          }
        }
        case MIN -> {
          for (int i = 0; i < count; i++) {
            values[i] = Math.min(values[i], before[i]);
          }
        }
      }
      System.arraycopy(values, 0, before, 0, count);
    }

    @Override
    public void store(NativeMatrix to, long row, long column, int count) {
      if (dtype == DType.FLOAT64) {
        DoubleCopies.store(values, 0, PIECE, 1, count, to, row, column);
        return;
      }
      for (int i = 0; i < count; i++) {
        floats[i] = (float) values[i];
      }
      InnerLoops.CHOSEN.floats().store(floats, 0, PIECE, 1, count, to, row, column);
    }
  }

  private static final class Integers implements Buffer {
    private final Kind kind;
    private final long[] values = new long[PIECE];
    private final long[] before = new long[PIECE];

    Integers(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void start() {
      Arrays.fill(
          before,
          switch (kind) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Long.MIN_VALUE;
            case MIN -> Long.MAX_VALUE;
          });
    }

    @Override
    public void load(NativeMatrix from, long row, long column, int count) {
      LongCopies.load(from, row, column, count, values, 0);
    }

    private long combine(long a, long b) {
      return switch (kind) {
        case SUM -> a + b;
        case PROD -> a * b;
        case MAX -> Math.max(a, b);
        case MIN -> Math.min(a, b);
      };
    }

    @Override
    public void along(int count, int first, int step) {
      long last = before[0];
      int at = first;
      for (int i = 0; i < count; i++, at += step) {
        last = combine(last, values[at]);
        values[at] = last;
      }
      before[0] = last;
    }

    @Override
    public void down(int count) {
      for (int i = 0; i < count; i++) {
        values[i] = combine(before[i], values[i]);
      }
      System.arraycopy(values, 0, before, 0, count);
    }

    @Override
    public void store(NativeMatrix to, long row, long column, int count) {
      LongCopies.store(values, 0, count, to, row, column);
    }
  }
}
