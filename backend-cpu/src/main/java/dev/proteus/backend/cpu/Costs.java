package dev.proteus.backend.cpu;

import dev.proteus.expr.Fn;

/// How long functions take for an element, in that of an addition of floats: rough, to decide what
/// is worth a second thread.
final class Costs {
  /// Additions too few to be worth a second thread.
  static final long GRAIN = 1 << 16;

  private Costs() {}

  /// Elements too few to be worth a second thread, when each takes the time of `cost` additions.
  static long grain(long cost) {
    return Math.max(1, GRAIN / Math.max(1, cost));
  }

  static int of(Fn fn, Bank bank) {
    int wide = bank == Bank.FLOATS ? 1 : 8;
    return switch (fn) {
      case ADD,
          SUB,
          MUL,
          MAX,
          MIN,
          NEG,
          ABS,
          FLOOR,
          CEIL,
          ROUND,
          AND,
          OR,
          XOR,
          NOT,
          EQ,
          NE,
          LT,
          LE,
          GT,
          GE,
          WHERE ->
          1;
      case DIV, SQRT, RSQRT, SIGN, TRUNC, FMAX, FMIN, SHL, SHR -> 3;
      case EXP, EXP2, EXPM1, LOG, LOG2, LOG10, LOG1P, SIN, COS, TANH, SIGMOID, ERF -> 5 * wide;
      case PHILOX, FLOOR_DIV, TRUNC_DIV, REMAINDER, FMOD -> 16;
      case POW,
          ATAN2,
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
          80;
    };
  }
}
