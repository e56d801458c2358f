package dev.proteus.expr;

import dev.proteus.error.DTypeException;

/// What each function means for floating operands, in float64.
public final class Reals {
  private Reals() {}

  /// The value of `fn`; of a comparison, 1 where it holds, else 0.
  ///
  /// @param a the first operand; the condition of `WHERE` as 0 or 1
  /// @param b the second operand, if `fn` has one
  /// @param c the third operand, if `fn` has one
  /// @throws DTypeException if `fn` is for integers only
  public static double apply(Fn fn, double a, double b, double c) {
    return switch (fn) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case FLOOR_DIV -> floorDiv(a, b);
      case TRUNC_DIV -> trunc(a / b);
      case REMAINDER -> remainder(a, b);
      case FMOD -> a % b;
      case POW -> pow(a, b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case FMAX -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
      case FMIN -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
      case ATAN2 -> Math.atan2(a, b);
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case SIGN -> Math.signum(a);
      case FLOOR -> Math.floor(a);
      case CEIL -> Math.ceil(a);
      case TRUNC -> trunc(a);
      case ROUND -> Math.rint(a);
      case SQRT -> Math.sqrt(a);
      case RSQRT -> 1 / Math.sqrt(a);
      case EXP -> Math.exp(a);
      case EXP2 -> Math.pow(2, a);
      case EXPM1 -> Math.expm1(a);
      case LOG -> Math.log(a);
      case LOG2 -> Special.log2(a);
      case LOG10 -> Math.log10(a);
      case LOG1P -> Math.log1p(a);
      case SIN -> Math.sin(a);
      case COS -> Math.cos(a);
      case TAN -> Math.tan(a);
      case ASIN -> Math.asin(a);
      case ACOS -> Math.acos(a);
      case ATAN -> Math.atan(a);
      case SINH -> Math.sinh(a);
      case COSH -> Math.cosh(a);
      case TANH -> Math.tanh(a);
      case ASINH -> Special.asinh(a);
      case ACOSH -> Special.acosh(a);
      case ATANH -> Special.atanh(a);
      case SIGMOID -> Special.sigmoid(a);
      case ERF -> Special.erf(a);
      case ERFC -> Special.erfc(a);
      case ERFINV -> Special.erfinv(a);
      case LGAMMA -> Special.lgamma(a);
      case DIGAMMA -> Special.digamma(a);
      case TRIGAMMA -> Special.trigamma(a);
      case EQ -> a == b ? 1 : 0;
      case NE -> a != b ? 1 : 0;
      case LT -> a < b ? 1 : 0;
      case LE -> a <= b ? 1 : 0;
      case GT -> a > b ? 1 : 0;
      case GE -> a >= b ? 1 : 0;
      case WHERE -> a != 0 ? b : c;
      case AND, OR, XOR, NOT, SHL, SHR, PHILOX ->
          throw new DTypeException(fn + ": operands are floating; they must be integers");
    };
  }

  private static double trunc(double a) {
    return a < 0 ? Math.ceil(a) : Math.floor(a);
  }

  /// The remainder with the divisor's sign: exact, unlike the difference of `a` and a rounded
  /// product.
  private static double remainder(double a, double b) {
    double rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  }

  /// The quotient rounded down, consistent with [#remainder(double, double)] where `a / b` rounds
  /// up to an integer.
  private static double floorDiv(double a, double b) {
    if (b == 0) {
      return a / b;
    }
    double rest = a % b;
    double quotient = Math.rint((a - rest) / b);
    if (rest != 0 && (rest < 0) != (b < 0)) {
      quotient -= 1;
    }
    return quotient == 0 ? Math.copySign(0, a / b) : quotient;
  }

  /// C's power, which knows two more exact cases than Java's.
  private static double pow(double base, double exponent) {
    if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
      return 1;
    }
    return Math.pow(base, exponent);
  }
}
