package dev.proteus.op;

import dev.proteus.type.Scalar;
import java.util.List;

/// Arithmetic, comparison, logic and bits of two operands, the second a value or a number of the
/// host.
///
/// Operands are broadcast together (rule BC-1) and promoted (rules DT-1 to DT-10); a `long` is an
/// integer to promotion, a `double` a real number.
///
/// @param <T> what operators are applied to
public interface ArithmeticOps<T extends TensorOps<T>> extends Value<T> {
  /// This plus `other`; of booleans, or (rule DT-10).
  default T add(T other) {
    return Pointwise.ADD.call(self(), other);
  }

  /// The same with a real number.
  default T add(double other) {
    return Pointwise.ADD.call(self(), Scalar.of(other));
  }

  /// The same with an integer.
  default T add(long other) {
    return Pointwise.ADD.call(self(), Scalar.of(other));
  }

  /// This plus `alpha` times `other` (rule DT-9).
  default T add(T other, double alpha) {
    return Pointwise.ADD_SCALED.call(List.of(self(), other), Scalar.of(alpha));
  }

  /// The same with an integer factor.
  default T add(T other, long alpha) {
    return Pointwise.ADD_SCALED.call(List.of(self(), other), Scalar.of(alpha));
  }

  /// This minus `other`; not of booleans (rule DT-10).
  default T sub(T other) {
    return Pointwise.SUB.call(self(), other);
  }

  /// The same with a real number.
  default T sub(double other) {
    return Pointwise.SUB.call(self(), Scalar.of(other));
  }

  /// The same with an integer.
  default T sub(long other) {
    return Pointwise.SUB.call(self(), Scalar.of(other));
  }

  /// `number` minus this.
  default T rsub(double number) {
    return Pointwise.SUB.call(Scalar.of(number), self());
  }

  /// The same with an integer.
  default T rsub(long number) {
    return Pointwise.SUB.call(Scalar.of(number), self());
  }

  /// This times `other`; of booleans, and (rule DT-10).
  default T mul(T other) {
    return Pointwise.MUL.call(self(), other);
  }

  /// The same with a real number.
  default T mul(double other) {
    return Pointwise.MUL.call(self(), Scalar.of(other));
  }

  /// The same with an integer.
  default T mul(long other) {
    return Pointwise.MUL.call(self(), Scalar.of(other));
  }

  /// True division; of integers it is real (rule DT-7).
  default T div(T divisor) {
    return Pointwise.DIV.call(self(), divisor);
  }

  /// The same with a real number.
  default T div(double divisor) {
    return Pointwise.DIV.call(self(), Scalar.of(divisor));
  }

  /// The same with an integer.
  default T div(long divisor) {
    return Pointwise.DIV.call(self(), Scalar.of(divisor));
  }

  /// `number` divided by this.
  default T rdiv(double number) {
    return Pointwise.DIV.call(Scalar.of(number), self());
  }

  /// The same with an integer.
  default T rdiv(long number) {
    return Pointwise.DIV.call(Scalar.of(number), self());
  }

  /// Division rounded to negative infinity (rule DT-21).
  default T floorDivide(T divisor) {
    return Pointwise.FLOOR_DIVIDE.call(self(), divisor);
  }

  /// The same with a real number.
  default T floorDivide(double divisor) {
    return Pointwise.FLOOR_DIVIDE.call(self(), Scalar.of(divisor));
  }

  /// The same with an integer.
  default T floorDivide(long divisor) {
    return Pointwise.FLOOR_DIVIDE.call(self(), Scalar.of(divisor));
  }

  /// Division rounded toward zero (rule DT-21).
  default T truncDivide(T divisor) {
    return Pointwise.TRUNC_DIVIDE.call(self(), divisor);
  }

  /// The same with a real number.
  default T truncDivide(double divisor) {
    return Pointwise.TRUNC_DIVIDE.call(self(), Scalar.of(divisor));
  }

  /// The same with an integer.
  default T truncDivide(long divisor) {
    return Pointwise.TRUNC_DIVIDE.call(self(), Scalar.of(divisor));
  }

  /// Remainder with the divisor's sign (rule DT-21).
  default T remainder(T divisor) {
    return Pointwise.REMAINDER.call(self(), divisor);
  }

  /// The same with a real number.
  default T remainder(double divisor) {
    return Pointwise.REMAINDER.call(self(), Scalar.of(divisor));
  }

  /// The same with an integer.
  default T remainder(long divisor) {
    return Pointwise.REMAINDER.call(self(), Scalar.of(divisor));
  }

  /// Remainder with the dividend's sign (rule DT-21).
  default T fmod(T divisor) {
    return Pointwise.FMOD.call(self(), divisor);
  }

  /// The same with a real number.
  default T fmod(double divisor) {
    return Pointwise.FMOD.call(self(), Scalar.of(divisor));
  }

  /// The same with an integer.
  default T fmod(long divisor) {
    return Pointwise.FMOD.call(self(), Scalar.of(divisor));
  }

  /// This to the power of `exponent` (rule DT-23).
  default T pow(T exponent) {
    return Pointwise.POW.call(self(), exponent);
  }

  /// The same with a real number.
  default T pow(double exponent) {
    return Pointwise.POW.call(self(), Scalar.of(exponent));
  }

  /// The same with an integer.
  default T pow(long exponent) {
    return Pointwise.POW.call(self(), Scalar.of(exponent));
  }

  /// `number` to the power of this.
  default T rpow(double number) {
    return Pointwise.POW.call(Scalar.of(number), self());
  }

  /// The same with an integer.
  default T rpow(long number) {
    return Pointwise.POW.call(Scalar.of(number), self());
  }

  /// Whether this equals `other` (rule DT-6).
  default T eq(T other) {
    return Pointwise.EQ.call(self(), other);
  }

  /// The same with a real number.
  default T eq(double other) {
    return Pointwise.EQ.call(self(), Scalar.of(other));
  }

  /// The same with an integer.
  default T eq(long other) {
    return Pointwise.EQ.call(self(), Scalar.of(other));
  }

  /// Whether this differs from `other` (rule DT-6).
  default T ne(T other) {
    return Pointwise.NE.call(self(), other);
  }

  /// The same with a real number.
  default T ne(double other) {
    return Pointwise.NE.call(self(), Scalar.of(other));
  }

  /// The same with an integer.
  default T ne(long other) {
    return Pointwise.NE.call(self(), Scalar.of(other));
  }

  /// Whether this is less than `other` (rule DT-6).
  default T lt(T other) {
    return Pointwise.LT.call(self(), other);
  }

  /// The same with a real number.
  default T lt(double other) {
    return Pointwise.LT.call(self(), Scalar.of(other));
  }

  /// The same with an integer.
  default T lt(long other) {
    return Pointwise.LT.call(self(), Scalar.of(other));
  }

  /// Whether this is at most `other` (rule DT-6).
  default T le(T other) {
    return Pointwise.LE.call(self(), other);
  }

  /// The same with a real number.
  default T le(double other) {
    return Pointwise.LE.call(self(), Scalar.of(other));
  }

  /// The same with an integer.
  default T le(long other) {
    return Pointwise.LE.call(self(), Scalar.of(other));
  }

  /// Whether this is greater than `other` (rule DT-6).
  default T gt(T other) {
    return Pointwise.GT.call(self(), other);
  }

  /// The same with a real number.
  default T gt(double other) {
    return Pointwise.GT.call(self(), Scalar.of(other));
  }

  /// The same with an integer.
  default T gt(long other) {
    return Pointwise.GT.call(self(), Scalar.of(other));
  }

  /// Whether this is at least `other` (rule DT-6).
  default T ge(T other) {
    return Pointwise.GE.call(self(), other);
  }

  /// The same with a real number.
  default T ge(double other) {
    return Pointwise.GE.call(self(), Scalar.of(other));
  }

  /// The same with an integer.
  default T ge(long other) {
    return Pointwise.GE.call(self(), Scalar.of(other));
  }

  /// The larger of both; NaN if either is (rule DT-25). Where they are equal each has half the
  /// gradient.
  default T maximum(T other) {
    return Pointwise.MAXIMUM.call(self(), other);
  }

  /// The smaller of both; NaN if either is (rule DT-25). Where they are equal each has half the
  /// gradient.
  default T minimum(T other) {
    return Pointwise.MINIMUM.call(self(), other);
  }

  /// The larger of both; the other one where one is NaN (rule DT-25).
  default T fmax(T other) {
    return Pointwise.FMAX.call(self(), other);
  }

  /// The smaller of both; the other one where one is NaN (rule DT-25).
  default T fmin(T other) {
    return Pointwise.FMIN.call(self(), other);
  }

  /// The angle of the point (`x`, this), from -π to π.
  default T atan2(T x) {
    return Pointwise.ATAN2.call(self(), x);
  }

  /// The length of the side opposite the right angle between this and `other`, without overflow.
  default T hypot(T other) {
    return Pointwise.HYPOT.call(self(), other);
  }

  /// The size of this with the sign of `sign`.
  default T copysign(T sign) {
    return Pointwise.COPYSIGN.call(self(), sign);
  }

  /// This times the logarithm of `y`; 0 where this is 0 and `y` not NaN.
  default T xlogy(T y) {
    return Pointwise.XLOGY.call(self(), y);
  }

  /// This times the logarithm of `1 + y`; 0 where this is 0 and `y` not NaN.
  default T xlog1py(T y) {
    return Pointwise.XLOG1PY.call(self(), y);
  }

  /// This times 2 to the power of `exponent`.
  default T ldexp(T exponent) {
    return Pointwise.LDEXP.call(self(), exponent);
  }

  /// 0 where this is below 0, 1 above, and `atZero` where it is 0.
  default T heaviside(T atZero) {
    return Pointwise.HEAVISIDE.call(self(), atZero);
  }

  /// The logarithm to base 2 of the sum of both operands' powers of 2, without overflow.
  default T logaddexp2(T other) {
    return Pointwise.LOGADDEXP2.call(self(), other);
  }

  /// The logarithm of the sum of both operands' exponentials, without overflow.
  default T logaddexp(T other) {
    return Pointwise.LOGADDEXP.call(self(), other);
  }

  /// Whether both are not zero (rule DT-6).
  default T logicalAnd(T other) {
    return Pointwise.LOGICAL_AND.call(self(), other);
  }

  /// Whether one or both are not zero (rule DT-6).
  default T logicalOr(T other) {
    return Pointwise.LOGICAL_OR.call(self(), other);
  }

  /// Whether one is zero and the other is not (rule DT-6).
  default T logicalXor(T other) {
    return Pointwise.LOGICAL_XOR.call(self(), other);
  }

  /// Whether this is zero (rule DT-6).
  default T logicalNot() {
    return Pointwise.LOGICAL_NOT.call(self());
  }

  /// The bits set in both integers or booleans (rule DT-6).
  default T bitwiseAnd(T other) {
    return Pointwise.BITWISE_AND.call(self(), other);
  }

  /// The same with an integer.
  default T bitwiseAnd(long other) {
    return Pointwise.BITWISE_AND.call(self(), Scalar.of(other));
  }

  /// The bits set in one or both integers or booleans (rule DT-6).
  default T bitwiseOr(T other) {
    return Pointwise.BITWISE_OR.call(self(), other);
  }

  /// The same with an integer.
  default T bitwiseOr(long other) {
    return Pointwise.BITWISE_OR.call(self(), Scalar.of(other));
  }

  /// The bits set in one of two integers or booleans (rule DT-6).
  default T bitwiseXor(T other) {
    return Pointwise.BITWISE_XOR.call(self(), other);
  }

  /// The same with an integer.
  default T bitwiseXor(long other) {
    return Pointwise.BITWISE_XOR.call(self(), Scalar.of(other));
  }

  /// The bits not set in this integer or boolean (rule DT-6).
  default T bitwiseNot() {
    return Pointwise.BITWISE_NOT.call(self());
  }

  /// This integer shifted to the left.
  default T bitwiseLeftShift(T count) {
    return Pointwise.BITWISE_LEFT_SHIFT.call(self(), count);
  }

  /// The same by a number.
  default T bitwiseLeftShift(long count) {
    return Pointwise.BITWISE_LEFT_SHIFT.call(self(), Scalar.of(count));
  }

  /// This integer shifted to the right, its sign repeated.
  default T bitwiseRightShift(T count) {
    return Pointwise.BITWISE_RIGHT_SHIFT.call(self(), count);
  }

  /// The same by a number.
  default T bitwiseRightShift(long count) {
    return Pointwise.BITWISE_RIGHT_SHIFT.call(self(), Scalar.of(count));
  }
}
