package dev.proteus.backend.cpu.vector;

import dev.proteus.expr.Fn;
import dev.proteus.expr.Reals;
import dev.proteus.op.Reduce;
import dev.proteus.type.DType;
import dev.proteus.type.Halves;
import java.util.Optional;

/// Loops in plain Java. The compiler turns most of the arithmetic into vector instructions by
/// itself.
public final class ScalarLoops implements Loops {
  /// The loops; they have no state.
  public static final ScalarLoops INSTANCE = new ScalarLoops();

  private ScalarLoops() {}

  @Override
  public Optional<MemoryCasts> casts() {
    return Optional.empty();
  }

  @Override
  public Optional<MemoryLoops> memory() {
    return Optional.empty();
  }

  @Override
  public void apply(Fn fn, float[] to, float[] a, float[] b, int n) {
    switch (fn) {
      case ADD -> add(to, a, b, n);
      case SUB -> sub(to, a, b, n);
      case MUL -> mul(to, a, b, n);
      case DIV -> div(to, a, b, n);
      case MAX -> max(to, a, b, n);
      case MIN -> min(to, a, b, n);
      case NEG -> neg(to, a, n);
      case ABS -> abs(to, a, n);
      case SQRT -> sqrt(to, a, n);
      case RSQRT -> rsqrt(to, a, n);
      case FLOOR -> floor(to, a, n);
      case CEIL -> ceil(to, a, n);
      case ROUND -> round(to, a, n);
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
      case POW -> pow(to, a, b, n);
      case FLOOR_DIV, TRUNC_DIV, REMAINDER, FMOD, FMAX, FMIN, ATAN2 -> real(fn, to, a, b, n);
      case SIGN,
          TRUNC,
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
          TRIGAMMA ->
          real(fn, to, a, a, n);
      case EQ, NE, LT, LE, GT, GE, WHERE, AND, OR, XOR, NOT, SHL, SHR, PHILOX ->
          throw new IllegalArgumentException(fn + ": not a function from floats to floats");
    }
  }

  /// Through float64, where no loop of its own pays.
  private static void real(Fn fn, float[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (float) Reals.apply(fn, a[i], b[i], 0);
    }
  }

  private static void pow(float[] to, float[] a, float[] b, int n) {
    if (isAll(2f, b, n)) {
      mul(to, a, a, n);
    } else {
      real(Fn.POW, to, a, b, n);
    }
  }

  private static boolean isAll(float value, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      if (a[i] != value) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void compare(Comparison fn, int[] to, float[] a, float[] b, int n) {
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
    for (int i = 0; i < n; i++) {
      to[i] = a[i] == b[i] ? 1 : 0;
    }
  }

  private static void ne(int[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] != b[i] ? 1 : 0;
    }
  }

  private static void lt(int[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] < b[i] ? 1 : 0;
    }
  }

  private static void le(int[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] <= b[i] ? 1 : 0;
    }
  }

  @Override
  public void select(float[] to, int[] condition, float[] yes, float[] no, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = condition[i] != 0 ? yes[i] : no[i];
    }
  }

  @Override
  public void combine(Reduce.Kind kind, float[] to, int toAt, float[] from, int fromAt, int n) {
    switch (kind) {
      case SUM -> {
        for (int i = 0; i < n; i++) {
          to[toAt + i] += from[fromAt + i];
        }
      }
      case PROD -> {
        for (int i = 0; i < n; i++) {
          to[toAt + i] *= from[fromAt + i];
        }
      }
      case MAX -> {
        for (int i = 0; i < n; i++) {
          to[toAt + i] = Math.max(to[toAt + i], from[fromAt + i]);
        }
      }
      case MIN -> {
        for (int i = 0; i < n; i++) {
          to[toAt + i] = Math.min(to[toAt + i], from[fromAt + i]);
        }
      }
    }
  }

  @Override
  public void sweep(Reduce.Kind kind, float[] lanes, float[] a, int n) {
    for (int i = 0; i < n; i += RUNNING) {
      combine(kind, lanes, 0, a, i, Math.min(RUNNING, n - i));
    }
  }

  @Override
  public void widen(DType half, float[] to, int at, short[] bits, int n) {
    widen(half, to, at, bits, 0, n);
  }

  static void widen(DType half, float[] to, int at, short[] bits, int from, int n) {
    if (half == DType.BFLOAT16) {
      for (int i = from; i < n; i++) {
        to[at + i] = Halves.bfloat16ToFloat(bits[i]);
      }
    } else {
      for (int i = from; i < n; i++) {
        to[at + i] = Float.float16ToFloat(bits[i]);
      }
    }
  }

  @Override
  public void narrow(DType half, short[] bits, float[] a, int at, int n) {
    narrow(half, bits, a, at, 0, n);
  }

  static void narrow(DType half, short[] bits, float[] a, int at, int from, int n) {
    if (half == DType.BFLOAT16) {
      for (int i = from; i < n; i++) {
        bits[i] = Halves.floatToBfloat16(a[at + i]);
      }
    } else {
      for (int i = from; i < n; i++) {
        bits[i] = Float.floatToFloat16(a[at + i]);
      }
    }
  }

  private static void add(float[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] + b[i];
    }
  }

  private static void sub(float[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] - b[i];
    }
  }

  private static void mul(float[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] * b[i];
    }
  }

  private static void div(float[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] / b[i];
    }
  }

  private static void max(float[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.max(a[i], b[i]);
    }
  }

  private static void min(float[] to, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.min(a[i], b[i]);
    }
  }

  private static void neg(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = -a[i];
    }
  }

  private static void abs(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.abs(a[i]);
    }
  }

  private static void sqrt(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (float) Math.sqrt(a[i]);
    }
  }

  private static void rsqrt(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = 1f / (float) Math.sqrt(a[i]);
    }
  }

  private static void floor(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (float) Math.floor(a[i]);
    }
  }

  private static void ceil(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (float) Math.ceil(a[i]);
    }
  }

  private static void round(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (float) Math.rint(a[i]);
    }
  }

  private static void exp(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.exp(a[i]);
    }
  }

  private static void exp2(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.exp2(a[i]);
    }
  }

  private static void expm1(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.expm1(a[i]);
    }
  }

  private static void log(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.log(a[i]);
    }
  }

  private static void log2(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.log2(a[i]);
    }
  }

  private static void log10(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.log10(a[i]);
    }
  }

  private static void log1p(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.log1p(a[i]);
    }
  }

  private static void sin(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.sin(a[i]);
    }
  }

  private static void cos(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.cos(a[i]);
    }
  }

  private static void tanh(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.tanh(a[i]);
    }
  }

  private static void sigmoid(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.sigmoid(a[i]);
    }
  }

  private static void erf(float[] to, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = FloatMath.erf(a[i]);
    }
  }
}
