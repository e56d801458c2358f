package dev.proteus.backend.cpu.vector;

import static dev.proteus.backend.cpu.vector.VectorMath.FLOATS;
import static dev.proteus.backend.cpu.vector.VectorMath.INTS;

import dev.proteus.expr.Fn;
import dev.proteus.op.Reduce;
import dev.proteus.type.DType;
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
/// Each loop is a method of its own, so that it is compiled alone and every vector stays in a
/// register. Short blocks take the plain loops: the first calls of a program are interpreted, which
/// the Vector API bears badly.
public final class VectorLoops implements Loops {
  /// The loops; they have no state.
  public static final VectorLoops INSTANCE = new VectorLoops();

  private static final int SHORT = 32;
  private static final int LANES = FLOATS.length();
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  private VectorLoops() {}

  @Override
  public Optional<MemoryLoops> memory() {
    return Optional.of(VectorMemory.INSTANCE);
  }

  @Override
  public void apply(Fn fn, float[] to, float[] a, float[] b, int n) {
    if (n < SHORT) {
      ScalarLoops.INSTANCE.apply(fn, to, a, b, n);
      return;
    }
    switch (fn) {
      case EXP -> exp(to, a, n);
      case EXP2 -> exp2(to, a, n);
      case EXPM1 -> expm1(to, a, n);
      case LOG -> log(to, a, n);
      case LOG2 -> log2(to, a, n);
      case LOG10 -> log10(to, a, n);
      case LOG1P -> log1p(to, a, n);
      case SIN -> sin(to, a, n);
      case COS -> cos(to, a, n);
      case TANH -> tanh(to, a, n);
      case SIGMOID -> sigmoid(to, a, n);
      case ERF -> erf(to, a, n);
      case ADD,
          SUB,
          MUL,
          DIV,
          FLOOR_DIV,
          TRUNC_DIV,
          REMAINDER,
          FMOD,
          POW,
          MAX,
          MIN,
          FMAX,
          FMIN,
          ATAN2,
          NEG,
          ABS,
          SIGN,
          FLOOR,
          CEIL,
          TRUNC,
          ROUND,
          SQRT,
          RSQRT,
          TAN,
          ASIN,
          ACOS,
          ATAN,
          SINH,
          COSH,
          ASINH,
          ACOSH,
          ATANH,
          ERFC,
          ERFINV,
          LGAMMA,
          DIGAMMA,
          TRIGAMMA,
          EQ,
          NE,
          LT,
          LE,
          GT,
          GE,
          AND,
          OR,
          XOR,
          NOT,
          SHL,
          SHR,
          WHERE,
          PHILOX ->
          ScalarLoops.INSTANCE.apply(fn, to, a, b, n);
    }
  }

  private static void exp(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.exp(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void exp2(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.exp2(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void expm1(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.expm1(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void log(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.log(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void log2(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.log2(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void log10(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.log10(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void log1p(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.log1p(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void tanh(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.tanh(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void sigmoid(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.sigmoid(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void erf(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      VectorMath.erf(FloatVector.fromArray(FLOATS, a, i)).intoArray(to, i);
    }
  }

  private static void sin(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, i);
      if (isFar(x)) {
        far(Fn.SIN, to, a, i);
      } else {
        VectorMath.wave(x, 0).intoArray(to, i);
      }
    }
  }

  private static void cos(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, i);
      if (isFar(x)) {
        far(Fn.COS, to, a, i);
      } else {
        VectorMath.wave(x, 1).intoArray(to, i);
      }
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
    switch (fn) {
      case EQ -> eq(to, a, b, n);
      case NE -> ne(to, a, b, n);
      case LT -> lt(to, a, b, n);
      case LE -> le(to, a, b, n);
      case GT -> lt(to, b, a, n);
      case GE -> le(to, b, a, n);
    }
  }

  private static void eq(int[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, b, i);
      bits(FloatVector.fromArray(FLOATS, a, i).compare(VectorOperators.EQ, right)).intoArray(to, i);
    }
  }

  private static void ne(int[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, b, i);
      bits(FloatVector.fromArray(FLOATS, a, i).compare(VectorOperators.NE, right)).intoArray(to, i);
    }
  }

  private static void lt(int[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector right = FloatVector.fromArray(FLOATS, b, i);
      bits(FloatVector.fromArray(FLOATS, a, i).compare(VectorOperators.LT, right)).intoArray(to, i);
    }
  }

  private static void le(int[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i += LANES) {
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
    for (int i = 0; i < n; i += LANES) {
      VectorMask<Integer> mask =
          IntVector.fromArray(INTS, condition, i).compare(VectorOperators.NE, 0);
      FloatVector otherwise = FloatVector.fromArray(FLOATS, no, i);
      otherwise.blend(FloatVector.fromArray(FLOATS, yes, i), mask.cast(FLOATS)).intoArray(to, i);
    }
  }

  @Override
  public void combine(Reduce.Kind kind, float[] to, int toAt, float[] from, int fromAt, int n) {
    int whole = n / LANES * LANES;
    if (whole > 0) {
      switch (kind) {
        case SUM -> sum(to, toAt, from, fromAt, whole);
        case PROD -> product(to, toAt, from, fromAt, whole);
        case MAX -> larger(to, toAt, from, fromAt, whole);
        case MIN -> smaller(to, toAt, from, fromAt, whole);
      }
    }
    if (whole < n) {
      ScalarLoops.INSTANCE.combine(kind, to, toAt + whole, from, fromAt + whole, n - whole);
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
    for (int i = 0; i < whole; i += LANES) {
      IntVector wide =
          (IntVector)
              ShortVector.fromArray(SHORTS, bits, i).convertShape(VectorOperators.S2I, INTS, 0);
      wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, at + i);
    }
    ScalarLoops.widen(half, to, at, bits, whole, n);
  }

  @Override
  public void narrow(DType half, short[] bits, float[] a, int at, int n) {
    int whole = half == DType.BFLOAT16 && n >= SHORT ? n / LANES * LANES : 0;
    for (int i = 0; i < whole; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, at + i);
      IntVector exact = x.reinterpretAsInts();
      IntVector even = exact.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector rounded = exact.add(even).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
      IntVector quiet = exact.lanewise(VectorOperators.LSHR, 16).or(0x40);
      VectorMask<Integer> nan = x.test(VectorOperators.IS_NAN).cast(INTS);
      ((ShortVector) rounded.blend(quiet, nan).convertShape(VectorOperators.I2S, SHORTS, 0))
          .intoArray(bits, i);
    }
    ScalarLoops.narrow(half, bits, a, at, whole, n);
  }
}
