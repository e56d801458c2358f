package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.vector.Comparison;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Integers;
import dev.proteus.op.Reduce;
import dev.proteus.type.DType;

/// The inner loops over int32 and the narrower integers, which are computed in int32 and wrapped;
/// bool is 0 or 1.
final class IntLoops {
  private IntLoops() {}

  /// `to = fn(a)` or `to = fn(a, b)` for functions whose result has the operands' type `dtype`; not
  /// yet wrapped to its width.
  static void apply(Fn fn, DType dtype, int[] to, int[] a, int[] b, int n) {
    switch (fn) {
      case ADD -> add(to, a, b, n);
      case SUB -> sub(to, a, b, n);
      case MUL -> mul(to, a, b, n);
      case MAX -> max(to, a, b, n);
      case MIN -> min(to, a, b, n);
      case AND -> and(to, a, b, n);
      case OR -> or(to, a, b, n);
      case XOR -> xor(to, a, b, n);
      case FLOOR_DIV, TRUNC_DIV, REMAINDER, FMOD, POW, FMAX, FMIN, SHL, SHR ->
          each(fn, dtype, to, a, b, n);
      case NEG, ABS, SIGN, FLOOR, CEIL, TRUNC, ROUND, NOT -> each(fn, dtype, to, a, a, n);
      case DIV,
          ATAN2,
          SQRT,
          RSQRT,
          EXP,
          EXP2,
          EXPM1,
          LOG,
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
          TRIGAMMA,
          EQ,
          NE,
          LT,
          LE,
          GT,
          GE,
          WHERE,
          PHILOX ->
          throw new IllegalArgumentException(fn + ": not a function from integers to integers");
    }
  }

  private static void each(Fn fn, DType dtype, int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (int) Integers.apply(fn, dtype, a[i], b[i], 0);
    }
  }

  private static void add(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] + b[i];
    }
  }

  private static void sub(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] - b[i];
    }
  }

  private static void mul(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] * b[i];
    }
  }

  private static void max(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.max(a[i], b[i]);
    }
  }

  private static void min(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Math.min(a[i], b[i]);
    }
  }

  private static void and(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] & b[i];
    }
  }

  private static void or(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] | b[i];
    }
  }

  private static void xor(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] ^ b[i];
    }
  }

  /// `to = fn(a, b)` as 0 or 1, for comparisons.
  static void compare(Comparison fn, int[] to, int[] a, int[] b, int n) {
    switch (fn) {
      case EQ -> eq(to, a, b, n);
      case NE -> ne(to, a, b, n);
      case LT -> lt(to, a, b, n);
      case LE -> le(to, a, b, n);
      case GT -> lt(to, b, a, n);
      case GE -> le(to, b, a, n);
    }
  }

  private static void eq(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] == b[i] ? 1 : 0;
    }
  }

  private static void ne(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] != b[i] ? 1 : 0;
    }
  }

  private static void lt(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] < b[i] ? 1 : 0;
    }
  }

  private static void le(int[] to, int[] a, int[] b, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = a[i] <= b[i] ? 1 : 0;
    }
  }

  /// `to = condition ≠ 0 ? yes : no`.
  static void select(int[] to, int[] condition, int[] yes, int[] no, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = condition[i] != 0 ? yes[i] : no[i];
    }
  }

  /// `to = kind(to, from)` for `n` elements from `toAt` and `fromAt` on.
  static void combine(Reduce.Kind kind, int[] to, int toAt, int[] from, int fromAt, int n) {
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

  /// The `n ≥ 1` elements from `at` on combined pairwise. Destroys them.
  static int fold(Reduce.Kind kind, int[] a, int at, int n) {
    for (int left = n; left > 1; left = Integer.highestOneBit(left - 1)) {
      int half = Integer.highestOneBit(left - 1);
      combine(kind, a, at, a, at + half, left - half);
    }
    return a[at];
  }

  /// Wraps results to the width of `dtype` (rule DT-20).
  static void wrap(DType dtype, int[] a, int n) {
    switch (dtype) {
      case INT32 -> {}
      case INT16 -> {
        for (int i = 0; i < n; i++) {
          a[i] = (short) a[i];
        }
      }
      case INT8 -> {
        for (int i = 0; i < n; i++) {
          a[i] = (byte) a[i];
        }
      }
      case UINT8 -> {
        for (int i = 0; i < n; i++) {
          a[i] &= 0xff;
        }
      }
      case BOOL -> {
        for (int i = 0; i < n; i++) {
          a[i] = a[i] != 0 ? 1 : 0;
        }
      }
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16, INT64 ->
          throw new IllegalArgumentException("wrap: " + dtype + " is not kept in int32");
    }
  }
}
