package dev.proteus.op;

import dev.proteus.expr.Fn;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.List;

/// Functions of one element at a time, beside those of [ArithmeticOps] and [ActivationOps].
///
/// Functions with real results turn integers into the default floating type (rule DT-7). NaN passes
/// through (rule DT-25).
///
/// @param <T> what operators are applied to
public interface PointwiseOps<T extends TensorOps<T>> extends ArithmeticOps<T>, ActivationOps<T> {
  /// This where `condition` holds, else `other`; the condition is bool (rule DT-8).
  default T where(T condition, T other) {
    return Pointwise.WHERE.call(condition, self(), other);
  }

  /// The same with a real number.
  default T where(T condition, double other) {
    return Pointwise.WHERE.call(List.of(condition, self()), Scalar.of(other));
  }

  /// The same with an integer.
  default T where(T condition, long other) {
    return Pointwise.WHERE.call(List.of(condition, self()), Scalar.of(other));
  }

  /// This with `value`, converted to its type, where `mask` holds; the mask is bool (rule DT-8).
  default T maskedFill(T mask, T value) {
    return Pointwise.MASKED_FILL.call(self(), mask, value);
  }

  /// The same with a real number.
  default T maskedFill(T mask, double value) {
    return Pointwise.MASKED_FILL.call(List.of(self(), mask), Scalar.of(value));
  }

  /// The same with an integer.
  default T maskedFill(T mask, long value) {
    return Pointwise.MASKED_FILL.call(List.of(self(), mask), Scalar.of(value));
  }

  /// This kept between two bounds, which belong to the range: the gradient at them is 1.
  default T clamp(T min, T max) {
    return Pointwise.CLAMP.call(self(), min, max);
  }

  /// The same with real numbers.
  default T clamp(double min, double max) {
    return Pointwise.CLAMP.call(self(), Scalar.of(min), Scalar.of(max));
  }

  /// The same with integers.
  default T clamp(long min, long max) {
    return Pointwise.CLAMP.call(self(), Scalar.of(min), Scalar.of(max));
  }

  /// This, but at least `min`.
  default T clampMin(T min) {
    return Pointwise.CLAMP_MIN.call(self(), min);
  }

  /// The same with a real number.
  default T clampMin(double min) {
    return Pointwise.CLAMP_MIN.call(self(), Scalar.of(min));
  }

  /// The same with an integer.
  default T clampMin(long min) {
    return Pointwise.CLAMP_MIN.call(self(), Scalar.of(min));
  }

  /// This, but at most `max`.
  default T clampMax(T max) {
    return Pointwise.CLAMP_MAX.call(self(), max);
  }

  /// The same with a real number.
  default T clampMax(double max) {
    return Pointwise.CLAMP_MAX.call(self(), Scalar.of(max));
  }

  /// The same with an integer.
  default T clampMax(long max) {
    return Pointwise.CLAMP_MAX.call(self(), Scalar.of(max));
  }

  /// The point between this and `end`, at `weight` of the way.
  default T lerp(T end, T weight) {
    return Pointwise.LERP.call(self(), end, weight);
  }

  /// The same with a number.
  default T lerp(T end, double weight) {
    return Pointwise.LERP.call(List.of(self(), end), Scalar.of(weight));
  }

  /// This plus `factor` times `a` times `b`.
  default T addcmul(T a, T b, double factor) {
    return Pointwise.ADDCMUL.call(List.of(self(), a, b), Scalar.of(factor));
  }

  /// The same with an integer.
  default T addcmul(T a, T b, long factor) {
    return Pointwise.ADDCMUL.call(List.of(self(), a, b), Scalar.of(factor));
  }

  /// This plus `a` times `b`.
  default T addcmul(T a, T b) {
    return addcmul(a, b, 1L);
  }

  /// This plus `factor` times `a` divided by `b`.
  default T addcdiv(T a, T b, double factor) {
    return Pointwise.ADDCDIV.call(List.of(self(), a, b), Scalar.of(factor));
  }

  /// The same with an integer.
  default T addcdiv(T a, T b, long factor) {
    return Pointwise.ADDCDIV.call(List.of(self(), a, b), Scalar.of(factor));
  }

  /// This plus `a` divided by `b`.
  default T addcdiv(T a, T b) {
    return addcdiv(a, b, 1L);
  }

  /// Whether this and `other` are equal, or at most `absolute + relative * |other|` apart; types
  /// must be the same (rule DT-8).
  default T isclose(T other, double relative, double absolute) {
    return Pointwise.ISCLOSE.call(List.of(self(), other), Scalar.of(relative), Scalar.of(absolute));
  }

  /// Whether this and `other` are close by tolerances of 1e-5, relative, and 1e-8, absolute.
  default T isclose(T other) {
    return isclose(other, 1e-5, 1e-8);
  }

  /// Whether this is NaN.
  default T isnan() {
    return Pointwise.ISNAN.call(self());
  }

  /// Whether this is infinite, of either sign.
  default T isinf() {
    return Pointwise.ISINF.call(self());
  }

  /// Whether this is the positive infinity.
  default T isposinf() {
    return Pointwise.ISPOSINF.call(self());
  }

  /// Whether this is the negative infinity.
  default T isneginf() {
    return Pointwise.ISNEGINF.call(self());
  }

  /// Whether this is neither infinite nor NaN.
  default T isfinite() {
    return Pointwise.ISFINITE.call(self());
  }

  /// Whether this is negative; so is the negative zero.
  default T signbit() {
    return Pointwise.SIGNBIT.call(self());
  }

  /// This with the other sign; not of booleans (rule DT-10).
  default T neg() {
    return Pointwise.NEG.call(self());
  }

  /// The size of this; its derivative at 0 is 0.
  default T abs() {
    return Pointwise.ABS.call(self());
  }

  /// -1, 0 or 1.
  default T sign() {
    return Pointwise.SIGN.call(self());
  }

  /// The next integer toward negative infinity.
  default T floor() {
    return Pointwise.FLOOR.call(self());
  }

  /// The next integer toward positive infinity.
  default T ceil() {
    return Pointwise.CEIL.call(self());
  }

  /// The next integer toward zero.
  default T trunc() {
    return Pointwise.TRUNC.call(self());
  }

  /// The nearest integer, halves to even (rule DT-25).
  default T round() {
    return Pointwise.ROUND.call(self());
  }

  /// The nearest number with `decimals` digits after the point, halves to even; negative ones are
  /// before it.
  default T round(int decimals) {
    double scale = Math.pow(10, Math.abs(decimals));
    return decimals < 0
        ? self().div(scale).round().mul(scale)
        : self().mul(scale).round().div(scale);
  }

  /// What [#trunc()] cuts off.
  default T frac() {
    return Pointwise.FRAC.call(self());
  }

  /// This times itself.
  default T square() {
    return Pointwise.SQUARE.call(self());
  }

  /// 1 divided by this.
  default T reciprocal() {
    return Pointwise.RECIPROCAL.call(self());
  }

  /// The square root; its derivative at 0 is infinite.
  default T sqrt() {
    return Pointwise.SQRT.call(self());
  }

  /// 1 divided by the square root.
  default T rsqrt() {
    return Pointwise.RSQRT.call(self());
  }

  /// e to the power of this.
  default T exp() {
    return Pointwise.EXP.call(self());
  }

  /// 2 to the power of this.
  default T exp2() {
    return Pointwise.EXP2.call(self());
  }

  /// e to the power of this, less 1, exact near 0.
  default T expm1() {
    return Pointwise.EXPM1.call(self());
  }

  /// The natural logarithm.
  default T log() {
    return Pointwise.LOG.call(self());
  }

  /// The logarithm to base 2.
  default T log2() {
    return Pointwise.LOG2.call(self());
  }

  /// The logarithm to base 10.
  default T log10() {
    return Pointwise.LOG10.call(self());
  }

  /// The natural logarithm of 1 plus this, exact near 0.
  default T log1p() {
    return Pointwise.LOG1P.call(self());
  }

  /// The sine.
  default T sin() {
    return Pointwise.SIN.call(self());
  }

  /// The cosine.
  default T cos() {
    return Pointwise.COS.call(self());
  }

  /// `sin(πx) / (πx)`, and 1 at 0.
  default T sinc() {
    return Pointwise.SINC.call(self());
  }

  /// The tangent.
  default T tan() {
    return Pointwise.TAN.call(self());
  }

  /// The inverse of the sine.
  default T asin() {
    return Pointwise.ASIN.call(self());
  }

  /// The inverse of the cosine.
  default T acos() {
    return Pointwise.ACOS.call(self());
  }

  /// The inverse of the tangent.
  default T atan() {
    return Pointwise.ATAN.call(self());
  }

  /// This, an angle in degrees, in radians.
  default T deg2rad() {
    return Pointwise.DEG2RAD.call(self());
  }

  /// This, an angle in radians, in degrees.
  default T rad2deg() {
    return Pointwise.RAD2DEG.call(self());
  }

  /// The hyperbolic sine.
  default T sinh() {
    return Pointwise.SINH.call(self());
  }

  /// The hyperbolic cosine.
  default T cosh() {
    return Pointwise.COSH.call(self());
  }

  /// The hyperbolic tangent.
  default T tanh() {
    return Pointwise.TANH.call(self());
  }

  /// The inverse of the hyperbolic sine.
  default T asinh() {
    return Pointwise.ASINH.call(self());
  }

  /// The inverse of the hyperbolic cosine.
  default T acosh() {
    return Pointwise.ACOSH.call(self());
  }

  /// The inverse of the hyperbolic tangent.
  default T atanh() {
    return Pointwise.ATANH.call(self());
  }

  /// The error function.
  default T erf() {
    return Pointwise.ERF.call(self());
  }

  /// 1 less the error function, exact for large values.
  default T erfc() {
    return Pointwise.ERFC.call(self());
  }

  /// The inverse of the error function.
  default T erfinv() {
    return Pointwise.ERFINV.call(self());
  }

  /// The logarithm of the size of the gamma function.
  default T lgamma() {
    return Pointwise.LGAMMA.call(self());
  }

  /// The derivative of [#lgamma()].
  default T digamma() {
    return Pointwise.DIGAMMA.call(self());
  }

  /// The inverse of [#sigmoid()]: `log(x / (1 - x))`.
  default T logit() {
    return Pointwise.LOGIT.call(self());
  }

  /// This with numbers in place of NaN, positive and negative infinity.
  default T nanToNum(double nan, double positive, double negative) {
    return Pointwise.NAN_TO_NUM.call(
        self(), Scalar.of(nan), Scalar.of(positive), Scalar.of(negative));
  }

  /// This with 0 in place of NaN, and the greatest finite numbers of its type in place of
  /// infinities.
  default T nanToNum() {
    if (!spec().dtype().isFloating()) {
      return nanToNum(0, 0, 0);
    }
    double greatest = Formulas.greatest(spec().dtype());
    return nanToNum(0, greatest, -greatest);
  }

  /// Of the last two axes, this up to `diagonal` above the main diagonal, and 0 beyond.
  default T tril(long diagonal) {
    return call(Formulas.triangle("tril", spec(), diagonal, Fn.LE), List.of(self()));
  }

  /// Of the last two axes, this from `diagonal` above the main diagonal, and 0 below.
  default T triu(long diagonal) {
    return call(Formulas.triangle("triu", spec(), diagonal, Fn.GE), List.of(self()));
  }

  /// This with another element type (rule DT-24), or itself if it has that type (rules TT-1 to
  /// TT-3).
  default T to(DType dtype) {
    return dtype == spec().dtype()
        ? self()
        : call(Copies.cast(spec().dtype(), dtype), List.of(self()));
  }

  /// A copy in row-major order.
  default T contiguous() {
    return call(Copies.contiguous(spec().dtype()), List.of(self()));
  }
}
