package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.vector.Comparison;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Reals;
import dev.proteus.op.Reduce;

/// The inner loops over float64, in plain Java.
final class DoubleLoops {
  private DoubleLoops() {}

  /// `to = fn(a)` or `to = fn(a, b)` for functions whose result is floating.
  static void apply(Fn fn, double[] to, double[] a, double[] b, int n) {
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
      case EXP -> exp(to, a, n);
      case LOG -> log(to, a, n);
      case FLOOR_DIV, TRUNC_DIV, REMAINDER, FMOD, POW, FMAX, FMIN, ATAN2 -> real(fn, to, a, b, n);
      case SIGN,
          FLOOR,
          CEIL,
          TRUNC,
          ROUND,
          RSQRT,
          EXP2,
          EXPM1,
          LOG2,
          LOG10,
          LOG1P,
          SIN,
          COS,
          TAN,
          ASIN,
          ACOS,
          ATAN,
          SINH,
          COSH,
          TANH,
          ASINH,
          ACOSH,
          ATANH,
          SIGMOID,
          ERF,
          ERFC,
          ERFINV,
          LGAMMA,
          DIGAMMA,
          TRIGAMMA ->
          real(fn, to, a, a, n);
      case EQ, NE, LT, LE, GT, GE, AND, OR, XOR, NOT, SHL, SHR, WHERE, PHILOX ->
          throw new IllegalArgumentException(fn + ": not a function from doubles to doubles");
    }
  }

  private static void real(Fn fn, double[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Reals.apply(fn, a[i], b[i], 0);
    }
  }

  private static void add(double[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] + b[i];
    }
  }

  private static void sub(double[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] - b[i];
    }
  }

  private static void mul(double[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] * b[i];
    }
  }

  private static void div(double[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] / b[i];
    }
  }

  private static void max(double[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.max(a[i], b[i]);
    }
  }

  private static void min(double[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.min(a[i], b[i]);
    }
  }

  private static void neg(double[] to, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = -a[i];
    }
  }

  private static void abs(double[] to, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.abs(a[i]);
    }
  }

  private static void sqrt(double[] to, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.sqrt(a[i]);
    }
  }

  private static void exp(double[] to, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.exp(a[i]);
    }
  }

  private static void log(double[] to, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.log(a[i]);
    }
  }

  /// `to = fn(a, b)` as 0 or 1, for comparisons.
  static void compare(Comparison fn, int[] to, double[] a, double[] b, int n) {
    switch (fn) {
      case EQ -> eq(to, a, b, n);
      case NE -> ne(to, a, b, n);
      case LT -> lt(to, a, b, n);
      case LE -> le(to, a, b, n);
      case GT -> lt(to, b, a, n);
      case GE -> le(to, b, a, n);
    }
  }

  private static void eq(int[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] == b[i] ? 1 : 0;
    }
  }

  private static void ne(int[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] != b[i] ? 1 : 0;
    }
  }

  private static void lt(int[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] < b[i] ? 1 : 0;
    }
  }

  private static void le(int[] to, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] <= b[i] ? 1 : 0;
    }
  }

  /// `to = condition ≠ 0 ? yes : no`.
  static void select(double[] to, int[] condition, double[] yes, double[] no, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = condition[i] != 0 ? yes[i] : no[i];
    }
  }

  /// `to = kind(to, from)` for `n` elements from `toAt` and `fromAt` on.
  static void combine(Reduce.Kind kind, double[] to, int toAt, double[] from, int fromAt, int n) {
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

  /// The `n ≥ 1` elements from `at` on combined pairwise, as
  /// [dev.proteus.backend.cpu.vector.Loops#fold] does. Destroys them.
  static double fold(Reduce.Kind kind, double[] a, int at, int n) {
    for (int left = n; left > 1; left = Integer.highestOneBit(left - 1)) {
      int half = Integer.highestOneBit(left - 1);
      combine(kind, a, at, a, at + half, left - half);
    }
    return a[at];
  }
}
