package dev.proteus.expr;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;

/// What each function means for operands that are integers, or booleans as 0 and 1. Results are not
/// yet wrapped to their width.
public final class Integers {
  private Integers() {}

  /// The value of `fn`; of a comparison, 1 where it holds, else 0.
  ///
  /// @param dtype the operands' type
  /// @param a the first operand; the condition of `WHERE` as 0 or 1
  /// @param b the second operand, if `fn` has one
  /// @param c the third operand, if `fn` has one
  /// @throws ArithmeticException on division by zero (rule DT-22)
  /// @throws DTypeException if `fn` is for floating operands only
  public static long apply(Fn fn, DType dtype, long a, long b, long c) {
    return switch (fn) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case FLOOR_DIV -> Math.floorDiv(a, divisor(fn, b));
      case TRUNC_DIV -> a / divisor(fn, b);
      case REMAINDER -> Math.floorMod(a, divisor(fn, b));
      case FMOD -> a % divisor(fn, b);
      case POW -> pow(a, b);
      case MAX, FMAX -> Math.max(a, b);
      case MIN, FMIN -> Math.min(a, b);
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case SIGN -> Long.signum(a);
      case FLOOR, CEIL, TRUNC, ROUND -> a;
      case EQ -> a == b ? 1 : 0;
      case NE -> a != b ? 1 : 0;
      case LT -> a < b ? 1 : 0;
      case LE -> a <= b ? 1 : 0;
      case GT -> a > b ? 1 : 0;
      case GE -> a >= b ? 1 : 0;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case NOT -> dtype == DType.BOOL ? 1 - a : ~a;
      case SHL -> b < 0 || b >= width(dtype) ? 0 : a << b;
      case SHR -> a >> (b < 0 || b >= width(dtype) ? 63 : b);
      case WHERE -> a != 0 ? b : c;
      case PHILOX -> Philox.bits(a, b);
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
          TRIGAMMA ->
          throw new DTypeException(fn + ": operands are " + dtype + "; they must be floating");
    };
  }

  private static int width(DType dtype) {
    return 8 * dtype.bytes();
  }

  private static long divisor(Fn fn, long b) {
    if (b == 0) {
      throw new ArithmeticException(fn + ": an integer is divided by zero");
    }
    return b;
  }

  /// Power by squaring; a negative exponent leaves only powers of 1 and -1 (rule DT-23).
  private static long pow(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? (exponent & 1) == 0 ? 1 : -1 : 0;
    }
    long result = 1;
    long square = base;
    for (long rest = exponent; rest != 0; rest >>= 1) {
      if ((rest & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }
}
