package dev.proteus.op;

import static dev.proteus.expr.Exprs.abs;
import static dev.proteus.expr.Exprs.add;
import static dev.proteus.expr.Exprs.and;
import static dev.proteus.expr.Exprs.div;
import static dev.proteus.expr.Exprs.eq;
import static dev.proteus.expr.Exprs.erf;
import static dev.proteus.expr.Exprs.exp;
import static dev.proteus.expr.Exprs.expm1;
import static dev.proteus.expr.Exprs.ge;
import static dev.proteus.expr.Exprs.gt;
import static dev.proteus.expr.Exprs.le;
import static dev.proteus.expr.Exprs.like;
import static dev.proteus.expr.Exprs.log;
import static dev.proteus.expr.Exprs.log1p;
import static dev.proteus.expr.Exprs.lt;
import static dev.proteus.expr.Exprs.max;
import static dev.proteus.expr.Exprs.min;
import static dev.proteus.expr.Exprs.mul;
import static dev.proteus.expr.Exprs.ne;
import static dev.proteus.expr.Exprs.neg;
import static dev.proteus.expr.Exprs.or;
import static dev.proteus.expr.Exprs.sqrt;
import static dev.proteus.expr.Exprs.sub;
import static dev.proteus.expr.Exprs.tanh;
import static dev.proteus.expr.Exprs.where;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.expr.Fn;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;

/// The expressions of [Pointwise] operators that need more than a line.
///
/// Branches are written so that NaN falls through to the operand (rule DT-25) and derivatives at
/// kinks are those of section 7.5 of the rules.
final class Formulas {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_SCALE = 1.0507009873554805;

  private Formulas() {}

  static Expr zero(Expr x) {
    return like(x, 0);
  }

  /// Booleans add as or, multiply as and (rule DT-10).
  static Expr sum(Expr a, Expr b) {
    return isBool(a) ? or(a, b) : add(a, b);
  }

  static Expr product(Expr a, Expr b) {
    return isBool(a) ? and(a, b) : mul(a, b);
  }

  static Expr larger(Expr a, Expr b) {
    return isBool(a) ? or(a, b) : max(a, b);
  }

  static Expr smaller(Expr a, Expr b) {
    return isBool(a) ? and(a, b) : min(a, b);
  }

  /// The larger of what is not NaN.
  static Expr largerNumber(Expr a, Expr b) {
    return isBool(a) ? or(a, b) : Exprs.call(Fn.FMAX, a, b);
  }

  /// The smaller of what is not NaN.
  static Expr smallerNumber(Expr a, Expr b) {
    return isBool(a) ? and(a, b) : Exprs.call(Fn.FMIN, a, b);
  }

  static Expr sign(Expr x) {
    return isBool(x) ? x : Exprs.sign(x);
  }

  private static boolean isBool(Expr x) {
    return x.dtype() == DType.BOOL;
  }

  static Expr reciprocal(Expr x) {
    return div(like(x, 1), x);
  }

  /// Small host exponents become products, which are faster and as exact.
  static Expr power(Expr x, Expr y) {
    if (!(y instanceof Expr.Const exponent)) {
      return Exprs.pow(x, y);
    }
    double value = exponent.value().asDouble();
    if (value < 0 && !x.dtype().isFloating()) {
      throw new DTypeException(
          "pow: "
              + x.dtype()
              + " has no negative power "
              + exponent.value().asLong()
              + "; cast to a floating type first (rule DT-23)");
    }
    if (value == 1) {
      return x;
    }
    if (value == 2) {
      return mul(x, x);
    }
    if (value == 3) {
      return mul(mul(x, x), x);
    }
    if (value == 0.5) {
      return sqrt(x);
    }
    return value == -1 ? reciprocal(x) : Exprs.pow(x, y);
  }

  static Expr isNan(Expr x) {
    return ne(x, x);
  }

  static Expr isInfinite(Expr x) {
    return x.dtype().isFloating() ? eq(abs(x), like(x, INFINITY)) : ne(x, x);
  }

  static Expr isPositiveInfinite(Expr x) {
    return x.dtype().isFloating() ? eq(x, like(x, INFINITY)) : ne(x, x);
  }

  static Expr isNegativeInfinite(Expr x) {
    return x.dtype().isFloating() ? eq(x, like(x, -INFINITY)) : ne(x, x);
  }

  static Expr isFinite(Expr x) {
    return x.dtype().isFloating() ? lt(abs(x), like(x, INFINITY)) : eq(x, x);
  }

  /// Equal, or a finite distance of at most `absolute + relative * |b|` apart.
  static Expr isClose(Expr a, Expr b, Expr relative, Expr absolute) {
    Expr distance = abs(sub(a, b));
    Expr near = le(distance, add(absolute, abs(mul(relative, b))));
    return or(eq(a, b), and(isFinite(distance), near));
  }

  /// Of zeros only division tells the sign.
  static Expr signBit(Expr x) {
    Expr negative = lt(x, zero(x));
    return x.dtype().isFloating()
        ? or(negative, and(eq(x, zero(x)), lt(reciprocal(x), zero(x))))
        : negative;
  }

  static Expr copySign(Expr size, Expr sign) {
    return where(signBit(sign), neg(abs(size)), abs(size));
  }

  /// Scaled by the larger side, so that squares do not overflow.
  static Expr hypotenuse(Expr a, Expr b) {
    Expr side = max(abs(a), abs(b));
    Expr x = div(a, side);
    Expr y = div(b, side);
    Expr scaled = mul(side, sqrt(add(mul(x, x), mul(y, y))));
    return where(or(eq(side, zero(side)), isInfinite(side)), side, scaled);
  }

  /// A power of exponent below 1 whose derivative at 0 is 0 instead of infinite, as that of norms
  /// and deviations.
  static Expr root(Expr x, Expr exponent) {
    return where(eq(x, zero(x)), zero(x), power(x, exponent));
  }

  /// `x log y`, and 0 where x is 0 unless y is NaN.
  static Expr xLogY(Expr x, Expr y) {
    Expr unsafe = or(le(y, zero(y)), isInfinite(y));
    return where(and(eq(x, zero(x)), unsafe), zero(x), mul(x, log(y)));
  }

  /// `x log(1 + y)`, and 0 where x is 0 unless y is NaN.
  static Expr xLog1PlusY(Expr x, Expr y) {
    Expr unsafe = or(le(y, like(y, -1)), isInfinite(y));
    return where(and(eq(x, zero(x)), unsafe), zero(x), mul(x, log1p(y)));
  }

  /// 0 below 0, 1 above, and `atZero` there.
  static Expr heaviside(Expr x, Expr atZero) {
    return where(eq(x, zero(x)), atZero, Exprs.cast(x.dtype(), gt(x, zero(x))));
  }

  static Expr logAddExp2(Expr a, Expr b) {
    Expr tail = div(log1p(Exprs.exp2(sub(lower(a, b), upper(a, b)))), Math.log(2));
    return where(and(eq(a, b), isInfinite(a)), a, add(upper(a, b), tail));
  }

  /// Smooth where operands are equal: either order gives the same there, with all derivatives, so
  /// one is chosen instead of sharing between both.
  static Expr logAddExp(Expr a, Expr b) {
    Expr sum = add(upper(a, b), log1p(exp(sub(lower(a, b), upper(a, b)))));
    return where(and(eq(a, b), isInfinite(a)), a, sum);
  }

  private static Expr upper(Expr a, Expr b) {
    return where(ge(a, b), a, b);
  }

  private static Expr lower(Expr a, Expr b) {
    return where(ge(a, b), b, a);
  }

  /// `sin(πx) / (πx)`; near 0 the start of its series, which has the right derivatives there.
  static Expr sinc(Expr x) {
    Expr angle = mul(x, Math.PI);
    Expr near = sub(like(x, 1), div(mul(angle, angle), 6));
    Expr safe = where(eq(x, zero(x)), like(x, 1), angle);
    return where(eq(x, zero(x)), near, div(Exprs.sin(safe), safe));
  }

  static Expr addProduct(Expr x, Expr a, Expr b, Expr factor) {
    return add(x, mul(mul(a, b), factor));
  }

  static Expr addQuotient(Expr x, Expr a, Expr b, Expr factor) {
    return add(x, mul(div(a, b), factor));
  }

  static Expr lerp(Expr start, Expr end, Expr weight) {
    Expr way = sub(end, start);
    Expr fromStart = add(start, mul(weight, way));
    Expr fromEnd = sub(end, mul(way, sub(like(weight, 1), weight)));
    return where(lt(abs(weight), like(weight, 0.5)), fromStart, fromEnd);
  }

  static Expr clamp(Expr x, Expr low, Expr high) {
    return atMost(atLeast(x, low), high);
  }

  /// The gradient is all x's where x equals the bound; a bound that is NaN counts (rule DT-25).
  static Expr atLeast(Expr x, Expr low) {
    return where(or(lt(x, low), isNan(low)), low, x);
  }

  static Expr atMost(Expr x, Expr high) {
    return where(or(gt(x, high), isNan(high)), high, x);
  }

  static Expr threshold(Expr x, Expr threshold, Expr value) {
    return where(le(x, threshold), value, x);
  }

  static Expr nanToNum(Expr x, Expr nan, Expr positive, Expr negative) {
    if (!x.dtype().isFloating()) {
      return x;
    }
    Expr finite = where(eq(x, like(x, INFINITY)), positive, x);
    return where(isNan(x), nan, where(eq(x, like(x, -INFINITY)), negative, finite));
  }

  static Expr relu(Expr x) {
    return where(le(x, zero(x)), zero(x), x);
  }

  /// Unlike [#clamp(Expr, Expr, Expr)], flat at its bounds.
  static Expr hardTanh(Expr x, Expr low, Expr high) {
    return where(le(x, low), low, where(ge(x, high), high, x));
  }

  static Expr relu6(Expr x) {
    return hardTanh(x, zero(x), like(x, 6));
  }

  static Expr hardSigmoid(Expr x) {
    Expr slope = add(div(x, 6), like(x, 0.5));
    return where(le(x, like(x, -3)), zero(x), where(ge(x, like(x, 3)), like(x, 1), slope));
  }

  static Expr hardSwish(Expr x) {
    Expr bend = div(mul(x, add(x, 3)), 6);
    return where(le(x, like(x, -3)), zero(x), where(ge(x, like(x, 3)), x, bend));
  }

  static Expr leakyRelu(Expr x, Expr slope) {
    return where(gt(x, zero(x)), x, mul(x, slope));
  }

  static Expr elu(Expr x, Expr alpha) {
    return where(gt(x, zero(x)), x, mul(alpha, expm1(x)));
  }

  static Expr celu(Expr x, Expr alpha) {
    return where(gt(x, zero(x)), x, mul(alpha, expm1(div(x, alpha))));
  }

  static Expr selu(Expr x) {
    return mul(elu(x, like(x, SELU_ALPHA)), SELU_SCALE);
  }

  static Expr gelu(Expr x) {
    return mul(mul(x, 0.5), add(erf(div(x, SQRT_2)), 1));
  }

  static Expr geluTanh(Expr x) {
    Expr cubic = mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return mul(mul(x, 0.5), add(tanh(cubic), 1));
  }

  static Expr softplus(Expr x, Expr beta, Expr threshold) {
    Expr scaled = mul(x, beta);
    return where(gt(scaled, threshold), x, div(log1p(exp(scaled)), beta));
  }

  static Expr mish(Expr x) {
    return mul(x, tanh(softplus(x, like(x, 1), like(x, 20))));
  }

  /// Smooth at 0, as [#logAddExp(Expr, Expr)] is at ties.
  static Expr logSigmoid(Expr x) {
    Expr isNegative = lt(x, zero(x));
    Expr tail = log1p(exp(where(isNegative, x, neg(x))));
    return sub(where(isNegative, x, zero(x)), tail);
  }

  static Expr softsign(Expr x) {
    return div(x, add(abs(x), 1));
  }

  static Expr softshrink(Expr x, Expr lambda) {
    Expr above = sub(x, lambda);
    Expr below = add(x, lambda);
    Expr outside = where(lt(x, neg(lambda)), below, mul(x, 0));
    return where(gt(x, lambda), above, outside);
  }

  static Expr hardshrink(Expr x, Expr lambda) {
    return where(and(ge(x, neg(lambda)), le(x, lambda)), zero(x), x);
  }

  static Expr logit(Expr x) {
    return log(div(x, sub(like(x, 1), x)));
  }

  /// The greatest finite number of a type.
  static double greatest(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Double.MAX_VALUE;
      case FLOAT32 -> Float.MAX_VALUE;
      case FLOAT16 -> 65504;
      case BFLOAT16 -> 0x1.FEp127;
      case INT64, INT32, INT16, INT8, UINT8, BOOL ->
          throw new DTypeException("limit: " + dtype + " is not floating");
    };
  }

  /// Keeps the elements of a matrix, or of each of a batch, whose column less row compares so with
  /// `diagonal`; the others become 0.
  static Map triangle(String name, TensorSpec x, long diagonal, Fn compare) {
    int rank = x.rank();
    if (rank < 2) {
      throw new ShapeException(name + ": " + x.shape() + " has no rows and columns; give 2 axes");
    }
    Expr distance = sub(new Expr.Coord(rank - 1), new Expr.Coord(rank - 2));
    Expr input = Exprs.input(0, x.dtype());
    Expr kept = Exprs.call(compare, distance, Exprs.constant(DType.INT64, Scalar.of(diagonal)));
    return Map.of(name, where(kept, input, zero(input)));
  }
}
