package dev.proteus.backend.cpu.vector;

import static dev.proteus.backend.cpu.vector.VectorMath.FLOATS;
import static dev.proteus.backend.cpu.vector.VectorMath.INTS;

import dev.proteus.expr.Fn;
import dev.proteus.op.Reduce;
import dev.proteus.type.DType;
import java.util.Map;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Loops with the Vector API, where the compiler does not vectorise the plain ones; those are taken
/// as they are.
///
/// Each loop is a method of its own, reached through an interface, so that it is compiled alone: in
/// a method that holds too many of them, vectors do not stay in registers. It is called for a short
/// stretch at a time: a method that is first compiled in the middle of a long loop may never be
/// compiled from its start, and then all later calls allocate their vectors. Short blocks take the
/// plain loops: the first calls of a program are interpreted, which the Vector API bears badly.
public final class VectorLoops implements Loops {
  /// The loops; they have no state.
  public static final VectorLoops INSTANCE = new VectorLoops();

  private static final int SHORT = 32;
  private static final int LANES = FLOATS.length();
  private static final int STRETCH = 16 * LANES;
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  private VectorLoops() {}

  @Override
  public Optional<MemoryCasts> casts() {
    return Optional.of(VectorCasts.INSTANCE);
  }

  @Override
  public Optional<MemoryLoops> memory() {
    return Optional.of(VectorMemory.INSTANCE);
  }

  /// One function over the vectors of `a` and `to` from `from` to `end`.
  @FunctionalInterface
  private interface Stretch {
    void run(float[] to, float[] a, int from, int end);
  }

  private static final Map<Fn, Stretch> STRETCHES =
      Map.ofEntries(
          Map.entry(Fn.EXP, VectorLoops::exp),
          Map.entry(Fn.EXP2, VectorLoops::exp2),
          Map.entry(Fn.EXPM1, VectorLoops::expm1),
          Map.entry(Fn.LOG, VectorLoops::log),
          Map.entry(Fn.LOG2, VectorLoops::log2),
          Map.entry(Fn.LOG10, VectorLoops::log10),
          Map.entry(Fn.LOG1P, VectorLoops::log1p),
          Map.entry(Fn.SIN, VectorLoops::sin),
          Map.entry(Fn.COS, VectorLoops::cos),
          Map.entry(Fn.TANH, VectorLoops::tanh),
          Map.entry(Fn.SIGMOID, VectorLoops::sigmoid),
          Map.entry(Fn.ERF, VectorLoops::erf));

  @Override
  public void apply(Fn fn, float[] to, float[] a, float[] b, int n) {
    Stretch stretch = n < SHORT ? null : STRETCHES.get(fn);
    if (stretch == null) {
      ScalarLoops.INSTANCE.apply(fn, to, a, b, n);
      return;
    }
    for (int from = 0; from < n; from += STRETCH) {
      stretch.run(to, a, from, Math.min(from + STRETCH, n));
    }
  }

  private static void exp(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.exp(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void exp2(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.exp2(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void expm1(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.expm1(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void log(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.log(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void log2(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.log2(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void log10(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.log10(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void log1p(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.log1p(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void sin(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, i);
      if (isFar(x)) {
        far(Fn.SIN, to, a, i);
      } else {
        VectorMath.wave(x, 0).intoArray(to, i);
      }
    }
  }

  private static void cos(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, i);
      if (isFar(x)) {
        far(Fn.COS, to, a, i);
      } else {
        VectorMath.wave(x, 1).intoArray(to, i);
      }
    }
  }

  private static void tanh(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.tanh(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void sigmoid(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.sigmoid(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void erf(float[] to, float[] a, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMath.erf(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static boolean isFar(FloatVector x) {
    return x.abs().compare(VectorOperators.GT, FloatMath.TRIG_MOST).anyTrue();
  }

  private static void far(Fn fn, float[] to, float[] a, int at) {
    for (int i = at; i < at + LANES; i++) {
      to[i] = fn == Fn.SIN ? FloatMath.sin(a[i]) : FloatMath.cos(a[i]);
    }
  }

  @Override
  public void compare(Comparison fn, int[] to, float[] a, float[] b, int n) {
    if (n < SHORT) {
      ScalarLoops.INSTANCE.compare(fn, to, a, b, n);
      return;
    }
    for (int from = 0; from < n; from += STRETCH) {
      compare(fn, to, a, b, from, Math.min(from + STRETCH, n));
    }
  }

  private static void compare(Comparison fn, int[] to, float[] a, float[] b, int from, int end) {
    switch (fn) {
      case EQ -> eq(to, a, b, from, end);
      case NE -> ne(to, a, b, from, end);
      case LT -> lt(to, a, b, from, end);
      case LE -> le(to, a, b, from, end);
      case GT -> lt(to, b, a, from, end);
      case GE -> le(to, b, a, from, end);
    }
  }

  private static void eq(int[] to, float[] a, float[] b, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, b, i);
      bits(FloatVector.fromArray(FLOATS, a, i).compare(VectorOperators.EQ, right)).intoArray(to, i);
    }
  }

  private static void ne(int[] to, float[] a, float[] b, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, b, i);
      bits(FloatVector.fromArray(FLOATS, a, i).compare(VectorOperators.NE, right)).intoArray(to, i);
    }
  }

  private static void lt(int[] to, float[] a, float[] b, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, b, i);
      bits(FloatVector.fromArray(FLOATS, a, i).compare(VectorOperators.LT, right)).intoArray(to, i);
    }
  }

  private static void le(int[] to, float[] a, float[] b, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, b, i);
      bits(FloatVector.fromArray(FLOATS, a, i).compare(VectorOperators.LE, right)).intoArray(to, i);
    }
  }

  private static IntVector bits(VectorMask<Float> mask) {
    return IntVector.zero(INTS).blend(1, mask.cast(INTS));
  }

  @Override
  public void select(float[] to, int[] condition, float[] yes, float[] no, int n) {
    if (n < SHORT) {
      ScalarLoops.INSTANCE.select(to, condition, yes, no, n);
      return;
    }
    for (int from = 0; from < n; from += STRETCH) {
      select(to, condition, yes, no, from, Math.min(from + STRETCH, n));
    }
  }

  private static void select(
      float[] to, int[] condition, float[] yes, float[] no, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      VectorMask<Integer> mask =
          IntVector.fromArray(INTS, condition, i).compare(VectorOperators.NE, 0);
      FloatVector otherwise = FloatVector.fromArray(FLOATS, no, i);
      otherwise.blend(FloatVector.fromArray(FLOATS, yes, i), mask.cast(FLOATS)).intoArray(to, i);
    }
  }

  @Override
  public void combine(Reduce.Kind kind, float[] to, int toAt, float[] from, int fromAt, int n) {
    int whole = n / LANES * LANES;
    for (int i = 0; i < whole; i += STRETCH) {
      stretch(kind, to, toAt + i, from, fromAt + i, Math.min(STRETCH, whole - i));
    }
    if (whole < n) {
      ScalarLoops.INSTANCE.combine(kind, to, toAt + whole, from, fromAt + whole, n - whole);
    }
  }

  private static void stretch(
      Reduce.Kind kind, float[] to, int toAt, float[] from, int fromAt, int n) {
    switch (kind) {
      case SUM -> sum(to, toAt, from, fromAt, n);
      case PROD -> product(to, toAt, from, fromAt, n);
      case MAX -> larger(to, toAt, from, fromAt, n);
      case MIN -> smaller(to, toAt, from, fromAt, n);
    }
  }

  private static void sum(float[] to, int toAt, float[] from, int fromAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, from, fromAt + i);
      FloatVector.fromArray(FLOATS, to, toAt + i).add(right).intoArray(to, toAt + i);
    }
  }

  private static void product(float[] to, int toAt, float[] from, int fromAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, from, fromAt + i);
      FloatVector.fromArray(FLOATS, to, toAt + i).mul(right).intoArray(to, toAt + i);
    }
  }

  private static void larger(float[] to, int toAt, float[] from, int fromAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, from, fromAt + i);
      FloatVector.fromArray(FLOATS, to, toAt + i).max(right).intoArray(to, toAt + i);
    }
  }

  private static void smaller(float[] to, int toAt, float[] from, int fromAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, from, fromAt + i);
      FloatVector.fromArray(FLOATS, to, toAt + i).min(right).intoArray(to, toAt + i);
    }
  }

  @Override
  public void sweep(Reduce.Kind kind, float[] lanes, float[] a, int n) {
    for (int i = 0; i < n; i += Loops.RUNNING) {
      combine(kind, lanes, 0, a, i, Math.min(Loops.RUNNING, n - i));
    }
  }

  @Override
  public void widen(DType half, float[] to, int at, short[] bits, int n) {
    int whole = half == DType.BFLOAT16 && n >= SHORT ? n / LANES * LANES : 0;
    for (int from = 0; from < whole; from += STRETCH) {
      widen(to, at, bits, from, Math.min(from + STRETCH, whole));
    }
    ScalarLoops.widen(half, to, at, bits, whole, n);
  }

  private static void widen(float[] to, int at, short[] bits, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      IntVector wide =
          (IntVector)
              ShortVector.fromArray(SHORTS, bits, i).convertShape(VectorOperators.S2I, INTS, 0);
      wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, at + i);
    }
  }

  @Override
  public void narrow(DType half, short[] bits, float[] a, int at, int n) {
    int whole = half == DType.BFLOAT16 && n >= SHORT ? n / LANES * LANES : 0;
    for (int from = 0; from < whole; from += STRETCH) {
      narrow(bits, a, at, from, Math.min(from + STRETCH, whole));
    }
    ScalarLoops.narrow(half, bits, a, at, whole, n);
  }

  private static void narrow(short[] bits, float[] a, int at, int from, int end) {
    for (int i = from; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, at + i);
      IntVector exact = x.reinterpretAsInts();
      IntVector even = exact.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector rounded = exact.add(even).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
      IntVector quiet = exact.lanewise(VectorOperators.LSHR, 16).or(0x40);
      VectorMask<Integer> nan = x.test(VectorOperators.IS_NAN).cast(INTS);
      ((ShortVector) rounded.blend(quiet, nan).convertShape(VectorOperators.I2S, SHORTS, 0))
          .intoArray(bits, i);
    }
  }
}
