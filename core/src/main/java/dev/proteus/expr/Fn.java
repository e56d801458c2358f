package dev.proteus.expr;

/// The scalar functions that expressions are made of.
///
/// Each has one meaning on every backend; `Evaluate`, `Derivative` and each renderer switch over
/// all of them without a default, so the compiler lists what is missing.
public enum Fn {
  ADD(2, Result.SAME),
  SUB(2, Result.SAME),
  MUL(2, Result.SAME),
  /// True division of floating values.
  DIV(2, Result.SAME),
  /// Division rounded to negative infinity (rule DT-21).
  FLOOR_DIV(2, Result.SAME),
  /// Division rounded toward zero.
  TRUNC_DIV(2, Result.SAME),
  /// Remainder with the divisor's sign.
  REMAINDER(2, Result.SAME),
  /// Remainder with the dividend's sign.
  FMOD(2, Result.SAME),
  /// Power; of integers by repeated multiplication (rule DT-23).
  POW(2, Result.SAME),
  /// The larger; NaN if either is NaN (rule DT-25).
  MAX(2, Result.SAME),
  /// The smaller; NaN if either is NaN (rule DT-25).
  MIN(2, Result.SAME),
  /// The larger; the other one if one is NaN.
  FMAX(2, Result.SAME),
  /// The smaller; the other one if one is NaN.
  FMIN(2, Result.SAME),
  ATAN2(2, Result.SAME),
  NEG(1, Result.SAME),
  ABS(1, Result.SAME),
  /// -1, 0 or 1 (NaN stays).
  SIGN(1, Result.SAME),
  FLOOR(1, Result.SAME),
  CEIL(1, Result.SAME),
  TRUNC(1, Result.SAME),
  /// Nearest integer, halves to even.
  ROUND(1, Result.SAME),
  SQRT(1, Result.SAME),
  RSQRT(1, Result.SAME),
  EXP(1, Result.SAME),
  EXP2(1, Result.SAME),
  EXPM1(1, Result.SAME),
  LOG(1, Result.SAME),
  LOG2(1, Result.SAME),
  LOG10(1, Result.SAME),
  LOG1P(1, Result.SAME),
  SIN(1, Result.SAME),
  COS(1, Result.SAME),
  TAN(1, Result.SAME),
  ASIN(1, Result.SAME),
  ACOS(1, Result.SAME),
  ATAN(1, Result.SAME),
  SINH(1, Result.SAME),
  COSH(1, Result.SAME),
  TANH(1, Result.SAME),
  ASINH(1, Result.SAME),
  ACOSH(1, Result.SAME),
  ATANH(1, Result.SAME),
  /// `1 / (1 + exp(-x))`, without overflow.
  SIGMOID(1, Result.SAME),
  ERF(1, Result.SAME),
  ERFC(1, Result.SAME),
  ERFINV(1, Result.SAME),
  /// Logarithm of the absolute value of the gamma function.
  LGAMMA(1, Result.SAME),
  DIGAMMA(1, Result.SAME),
  /// Derivative of the digamma function.
  TRIGAMMA(1, Result.SAME),
  EQ(2, Result.BOOL),
  NE(2, Result.BOOL),
  LT(2, Result.BOOL),
  LE(2, Result.BOOL),
  GT(2, Result.BOOL),
  GE(2, Result.BOOL),
  /// Bitwise and of integers or booleans.
  AND(2, Result.SAME),
  /// Bitwise or of integers or booleans.
  OR(2, Result.SAME),
  /// Bitwise exclusive or of integers or booleans.
  XOR(2, Result.SAME),
  /// Bitwise complement of an integer, negation of a boolean.
  NOT(1, Result.SAME),
  /// Shift to the left; a count that is negative or at least the width gives 0.
  SHL(2, Result.SAME),
  /// Arithmetic shift to the right; a count that is negative or at least the width fills with the
  /// sign.
  SHR(2, Result.SAME),
  /// The second operand where the first, a boolean, is true, else the third.
  WHERE(3, Result.SECOND),
  /// 32 random bits as an int64 in [0, 2^32): word `index & 3` of Philox4x32-10 with key `seed` and
  /// counter `index >> 2` (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
  PHILOX(2, Result.SAME);

  /// How the type of the result follows from the operands.
  public enum Result {
    SAME,
    SECOND,
    BOOL
  }

  private final int arity;
  private final Result result;

  Fn(int arity, Result result) {
    this.arity = arity;
    this.result = result;
  }

  public int arity() {
    return arity;
  }

  public Result result() {
    return result;
  }
}
