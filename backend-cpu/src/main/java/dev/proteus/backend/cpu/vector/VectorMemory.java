package dev.proteus.backend.cpu.vector;

import static dev.proteus.backend.cpu.vector.VectorMath.FLOATS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.proteus.op.Reduce;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/// [MemoryLoops] with the Vector API. As in [VectorLoops], each loop is compiled alone.
final class VectorMemory implements MemoryLoops {
  static final VectorMemory INSTANCE = new VectorMemory();

  private static final int LANES = FLOATS.length();
  private static final int BYTES = FLOATS.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final int ROW = 4 * Loops.RUNNING;

  /// Bytes of one call of a loop.
  private static final long STRETCH = 64L * BYTES;

  private VectorMemory() {}

  private static FloatVector load(MemorySegment from, long at) {
    return FloatVector.fromMemorySegment(FLOATS, from, at, ORDER);
  }

  @Override
  public void apply(
      Arithmetic fn,
      MemorySegment to,
      long toAt,
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      long n) {
    long whole = n / LANES * BYTES;
    for (long i = 0; i < whole; i += STRETCH) {
      stretch(fn, to, toAt + i, a, aAt + i, b, bAt + i, Math.min(STRETCH, whole - i));
    }
    for (long i = whole; i < 4 * n; i += 4) {
      float y = b.get(JAVA_FLOAT_UNALIGNED, bAt + i);
      to.set(JAVA_FLOAT_UNALIGNED, toAt + i, one(fn, a.get(JAVA_FLOAT_UNALIGNED, aAt + i), y));
    }
  }

  private static void stretch(
      Arithmetic fn,
      MemorySegment to,
      long toAt,
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      long n) {
    switch (fn) {
      case ADD -> add(to, toAt, a, aAt, b, bAt, n);
      case SUB -> sub(to, toAt, a, aAt, b, bAt, n);
      case MUL -> mul(to, toAt, a, aAt, b, bAt, n);
      case DIV -> div(to, toAt, a, aAt, b, bAt, n);
      case MAX -> max(to, toAt, a, aAt, b, bAt, n);
      case MIN -> min(to, toAt, a, aAt, b, bAt, n);
    }
  }

  @Override
  public void apply(
      Arithmetic fn, MemorySegment to, long toAt, MemorySegment a, long aAt, float b, long n) {
    long whole = n / LANES * BYTES;
    for (long i = 0; i < whole; i += STRETCH) {
      stretch(fn, to, toAt + i, a, aAt + i, b, Math.min(STRETCH, whole - i));
    }
    for (long i = whole; i < 4 * n; i += 4) {
      to.set(JAVA_FLOAT_UNALIGNED, toAt + i, one(fn, a.get(JAVA_FLOAT_UNALIGNED, aAt + i), b));
    }
  }

  private static void stretch(
      Arithmetic fn, MemorySegment to, long toAt, MemorySegment a, long aAt, float b, long n) {
    switch (fn) {
      case ADD -> add(to, toAt, a, aAt, b, n);
      case SUB -> sub(to, toAt, a, aAt, b, n);
      case MUL -> mul(to, toAt, a, aAt, b, n);
      case DIV -> div(to, toAt, a, aAt, b, n);
      case MAX -> max(to, toAt, a, aAt, b, n);
      case MIN -> min(to, toAt, a, aAt, b, n);
    }
  }

  @Override
  public void addScaled(
      MemorySegment to,
      long toAt,
      MemorySegment a,
      long aAt,
      float factor,
      MemorySegment b,
      long bAt,
      float other,
      long n) {
    long whole = n / LANES * BYTES;
    for (long i = 0; i < whole; i += STRETCH) {
      long length = Math.min(STRETCH, whole - i);
      scaled(to, toAt + i, a, aAt + i, factor, b, bAt + i, other, length);
    }
    for (long i = whole; i < 4 * n; i += 4) {
      float x = a.get(JAVA_FLOAT_UNALIGNED, aAt + i);
      float y = b.get(JAVA_FLOAT_UNALIGNED, bAt + i);
      to.set(JAVA_FLOAT_UNALIGNED, toAt + i, x * factor + y * other);
    }
  }

  private static void scaled(
      MemorySegment to,
      long toAt,
      MemorySegment a,
      long aAt,
      float factor,
      MemorySegment b,
      long bAt,
      float other,
      long n) {
    for (long i = 0; i < n; i += BYTES) {
      FloatVector product = load(b, bAt + i).mul(other);
      load(a, aAt + i).mul(factor).add(product).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static float one(Arithmetic fn, float x, float y) {
    return switch (fn) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
    };
  }

  private static void add(
      MemorySegment to, long toAt, MemorySegment a, long aAt, MemorySegment b, long bAt, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).add(load(b, bAt + i)).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void add(MemorySegment to, long toAt, MemorySegment a, long aAt, float b, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).add(b).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void sub(
      MemorySegment to, long toAt, MemorySegment a, long aAt, MemorySegment b, long bAt, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).sub(load(b, bAt + i)).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void sub(MemorySegment to, long toAt, MemorySegment a, long aAt, float b, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).sub(b).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void mul(
      MemorySegment to, long toAt, MemorySegment a, long aAt, MemorySegment b, long bAt, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).mul(load(b, bAt + i)).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void mul(MemorySegment to, long toAt, MemorySegment a, long aAt, float b, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).mul(b).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void div(
      MemorySegment to, long toAt, MemorySegment a, long aAt, MemorySegment b, long bAt, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).div(load(b, bAt + i)).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void div(MemorySegment to, long toAt, MemorySegment a, long aAt, float b, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).div(b).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void max(
      MemorySegment to, long toAt, MemorySegment a, long aAt, MemorySegment b, long bAt, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).max(load(b, bAt + i)).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void max(MemorySegment to, long toAt, MemorySegment a, long aAt, float b, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).max(b).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void min(
      MemorySegment to, long toAt, MemorySegment a, long aAt, MemorySegment b, long bAt, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).min(load(b, bAt + i)).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  private static void min(MemorySegment to, long toAt, MemorySegment a, long aAt, float b, long n) {
    for (long i = 0; i < n; i += BYTES) {
      load(a, aAt + i).min(b).intoMemorySegment(to, toAt + i, ORDER);
    }
  }

  @Override
  public void sweep(Reduce.Kind kind, float[] lanes, MemorySegment from, long at, int n) {
    int whole = n / Loops.RUNNING * Loops.RUNNING;
    long end = at + 4L * whole;
    for (int lane = 0; lane < Loops.RUNNING; lane += 4 * LANES) {
      switch (kind) {
        case SUM -> sweepAdd(lanes, lane, from, at + 4L * lane, end);
        case PROD -> sweepMul(lanes, lane, from, at + 4L * lane, end);
        case MAX -> sweepMax(lanes, lane, from, at + 4L * lane, end);
        case MIN -> sweepMin(lanes, lane, from, at + 4L * lane, end);
      }
    }
    combine(kind, lanes, from, end, n - whole);
  }

  /// Four vectors of running results, for all rows of [Loops#RUNNING] floats.
  private static void sweepAdd(float[] lanes, int lane, MemorySegment from, long at, long end) {
    FloatVector a = FloatVector.fromArray(FLOATS, lanes, lane);
    FloatVector b = FloatVector.fromArray(FLOATS, lanes, lane + LANES);
    FloatVector c = FloatVector.fromArray(FLOATS, lanes, lane + 2 * LANES);
    FloatVector d = FloatVector.fromArray(FLOATS, lanes, lane + 3 * LANES);
    for (long i = at; i < end; i += ROW) {
      a = a.add(load(from, i));
      b = b.add(load(from, i + BYTES));
      c = c.add(load(from, i + 2L * BYTES));
      d = d.add(load(from, i + 3L * BYTES));
    }
    a.intoArray(lanes, lane);
    b.intoArray(lanes, lane + LANES);
    c.intoArray(lanes, lane + 2 * LANES);
    d.intoArray(lanes, lane + 3 * LANES);
  }

  /// Four vectors of running results, for all rows of [Loops#RUNNING] floats.
  private static void sweepMul(float[] lanes, int lane, MemorySegment from, long at, long end) {
    FloatVector a = FloatVector.fromArray(FLOATS, lanes, lane);
    FloatVector b = FloatVector.fromArray(FLOATS, lanes, lane + LANES);
    FloatVector c = FloatVector.fromArray(FLOATS, lanes, lane + 2 * LANES);
    FloatVector d = FloatVector.fromArray(FLOATS, lanes, lane + 3 * LANES);
    for (long i = at; i < end; i += ROW) {
      a = a.mul(load(from, i));
      b = b.mul(load(from, i + BYTES));
      c = c.mul(load(from, i + 2L * BYTES));
      d = d.mul(load(from, i + 3L * BYTES));
    }
    a.intoArray(lanes, lane);
    b.intoArray(lanes, lane + LANES);
    c.intoArray(lanes, lane + 2 * LANES);
    d.intoArray(lanes, lane + 3 * LANES);
  }

  /// Four vectors of running results, for all rows of [Loops#RUNNING] floats.
  private static void sweepMax(float[] lanes, int lane, MemorySegment from, long at, long end) {
    FloatVector a = FloatVector.fromArray(FLOATS, lanes, lane);
    FloatVector b = FloatVector.fromArray(FLOATS, lanes, lane + LANES);
    FloatVector c = FloatVector.fromArray(FLOATS, lanes, lane + 2 * LANES);
    FloatVector d = FloatVector.fromArray(FLOATS, lanes, lane + 3 * LANES);
    for (long i = at; i < end; i += ROW) {
      a = a.max(load(from, i));
      b = b.max(load(from, i + BYTES));
      c = c.max(load(from, i + 2L * BYTES));
      d = d.max(load(from, i + 3L * BYTES));
    }
    a.intoArray(lanes, lane);
    b.intoArray(lanes, lane + LANES);
    c.intoArray(lanes, lane + 2 * LANES);
    d.intoArray(lanes, lane + 3 * LANES);
  }

  /// Four vectors of running results, for all rows of [Loops#RUNNING] floats.
  private static void sweepMin(float[] lanes, int lane, MemorySegment from, long at, long end) {
    FloatVector a = FloatVector.fromArray(FLOATS, lanes, lane);
    FloatVector b = FloatVector.fromArray(FLOATS, lanes, lane + LANES);
    FloatVector c = FloatVector.fromArray(FLOATS, lanes, lane + 2 * LANES);
    FloatVector d = FloatVector.fromArray(FLOATS, lanes, lane + 3 * LANES);
    for (long i = at; i < end; i += ROW) {
      a = a.min(load(from, i));
      b = b.min(load(from, i + BYTES));
      c = c.min(load(from, i + 2L * BYTES));
      d = d.min(load(from, i + 3L * BYTES));
    }
    a.intoArray(lanes, lane);
    b.intoArray(lanes, lane + LANES);
    c.intoArray(lanes, lane + 2 * LANES);
    d.intoArray(lanes, lane + 3 * LANES);
  }

  @Override
  public void combine(Reduce.Kind kind, float[] to, MemorySegment from, long at, int n) {
    int whole = n / LANES * LANES;
    switch (kind) {
      case SUM -> combineAdd(to, from, at, whole);
      case PROD -> combineMul(to, from, at, whole);
      case MAX -> combineMax(to, from, at, whole);
      case MIN -> combineMin(to, from, at, whole);
    }
    for (int i = whole; i < n; i++) {
      float y = from.get(JAVA_FLOAT_UNALIGNED, at + 4L * i);
      to[i] =
          switch (kind) {
            case SUM -> to[i] + y;
            case PROD -> to[i] * y;
            case MAX -> Math.max(to[i], y);
            case MIN -> Math.min(to[i], y);
          };
    }
  }

  private static void combineAdd(float[] to, MemorySegment from, long at, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOATS, to, i).add(load(from, at + 4L * i)).intoArray(to, i);
    }
  }

  private static void combineMul(float[] to, MemorySegment from, long at, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOATS, to, i).mul(load(from, at + 4L * i)).intoArray(to, i);
    }
  }

  private static void combineMax(float[] to, MemorySegment from, long at, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOATS, to, i).max(load(from, at + 4L * i)).intoArray(to, i);
    }
  }

  private static void combineMin(float[] to, MemorySegment from, long at, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOATS, to, i).min(load(from, at + 4L * i)).intoArray(to, i);
    }
  }
}
