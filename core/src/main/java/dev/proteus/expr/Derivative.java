package dev.proteus.expr;

import static dev.proteus.expr.Exprs.add;
import static dev.proteus.expr.Exprs.and;
import static dev.proteus.expr.Exprs.cos;
import static dev.proteus.expr.Exprs.cosh;
import static dev.proteus.expr.Exprs.digamma;
import static dev.proteus.expr.Exprs.div;
import static dev.proteus.expr.Exprs.eq;
import static dev.proteus.expr.Exprs.exp;
import static dev.proteus.expr.Exprs.floorDiv;
import static dev.proteus.expr.Exprs.ge;
import static dev.proteus.expr.Exprs.le;
import static dev.proteus.expr.Exprs.like;
import static dev.proteus.expr.Exprs.log;
import static dev.proteus.expr.Exprs.lt;
import static dev.proteus.expr.Exprs.mul;
import static dev.proteus.expr.Exprs.ne;
import static dev.proteus.expr.Exprs.neg;
import static dev.proteus.expr.Exprs.or;
import static dev.proteus.expr.Exprs.pow;
import static dev.proteus.expr.Exprs.rsqrt;
import static dev.proteus.expr.Exprs.sign;
import static dev.proteus.expr.Exprs.sin;
import static dev.proteus.expr.Exprs.sinh;
import static dev.proteus.expr.Exprs.sub;
import static dev.proteus.expr.Exprs.trigamma;
import static dev.proteus.expr.Exprs.truncDiv;
import static dev.proteus.expr.Exprs.where;

import dev.proteus.type.DType;
import java.util.IdentityHashMap;
import java.util.List;

/// Partial derivatives of expressions, as expressions.
///
/// Conventions where a function has none are those of section 7.5 of the rules: `abs` has 0 at 0,
/// `sqrt` infinity, `MAX` and `MIN` share evenly between equal operands, a condition has none.
/// Rounding, comparisons and integers have 0 everywhere. Inside one expression a branch that is not
/// taken contributes exactly 0, even where its derivative is infinite or NaN.
public final class Derivative {
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  private final int input;
  private final IdentityHashMap<Expr, Expr> known = new IdentityHashMap<>();

  private Derivative(int input) {
    this.input = input;
  }

  /// The derivative of a floating expression with respect to operand `input`, of the expression's
  /// type; the constant 0 if it does not depend on it.
  public static Expr of(Expr expr, int input) {
    return Simplify.of(new Derivative(input).derivative(expr));
  }

  private Expr derivative(Expr expr) {
    if (!expr.dtype().isFloating()) {
      return like(expr, 0);
    }
    Expr seen = known.get(expr);
    if (seen == null) {
      seen =
          switch (expr) {
            case Expr.Input(int index, _) -> like(expr, index == input ? 1 : 0);
            case Expr.Const _, Expr.Coord _ -> like(expr, 0);
            case Expr.Cast(DType dtype, Expr arg) -> cast(dtype, derivative(arg));
            case Expr.Call call -> call(call);
          };
      known.put(expr, seen);
    }
    return seen;
  }

  private Expr call(Expr.Call y) {
    List<Expr> args = y.args();
    Expr a = args.getFirst();
    Expr b = args.get(args.size() > 1 ? 1 : 0);
    Expr da = derivative(a);
    Expr db = derivative(b);
    Expr dc = derivative(args.getLast());
    if (isConstant(da, 0) && isConstant(db, 0) && isConstant(dc, 0)) {
      return like(y, 0);
    }
    return switch (y.fn()) {
      case ADD -> plus(da, db);
      case SUB -> minus(da, db);
      case MUL -> plus(times(da, b), times(db, a));
      case DIV -> minus(over(da, b), times(db, isConstant(a, 1) ? mul(y, y) : div(y, b)));
      case REMAINDER -> minus(da, times(db, floorDiv(a, b)));
      case FMOD -> minus(da, times(db, truncDiv(a, b)));
      case POW -> plus(times(da, slopeOfBase(a, b)), times(db, slopeOfExponent(y, a, b)));
      case MAX -> plus(times(da, share(lt(a, b), a, b)), times(db, share(lt(b, a), a, b)));
      case MIN -> plus(times(da, share(lt(b, a), a, b)), times(db, share(lt(a, b), a, b)));
      case FMAX -> choose(or(ge(a, b), ne(b, b)), da, db);
      case FMIN -> choose(or(le(a, b), ne(b, b)), da, db);
      case ATAN2 -> slopeOfAngle(a, b, minus(times(da, b), times(db, a)));
      case NEG -> minus(like(y, 0), da);
      case ABS -> times(da, sign(a));
      case SQRT -> over(da, mul(y, 2));
      case RSQRT -> times(da, mul(mul(mul(y, y), y), -0.5));
      case EXP -> times(da, y);
      case EXP2 -> times(da, mul(y, Math.log(2)));
      case EXPM1 -> times(da, add(y, like(y, 1)));
      case LOG -> over(da, a);
      case LOG2 -> over(da, mul(a, Math.log(2)));
      case LOG10 -> over(da, mul(a, Math.log(10)));
      case LOG1P -> over(da, add(a, like(a, 1)));
      case SIN -> times(da, cos(a));
      case COS -> times(da, neg(sin(a)));
      case TAN -> times(da, add(mul(y, y), like(y, 1)));
      case ASIN -> times(da, rsqrt(sub(like(a, 1), mul(a, a))));
      case ACOS -> times(da, neg(rsqrt(sub(like(a, 1), mul(a, a)))));
      case ATAN -> over(da, add(mul(a, a), like(a, 1)));
      case SINH -> times(da, cosh(a));
      case COSH -> times(da, sinh(a));
      case TANH -> times(da, sub(like(y, 1), mul(y, y)));
      case ASINH -> times(da, rsqrt(add(mul(a, a), like(a, 1))));
      case ACOSH -> times(da, rsqrt(sub(mul(a, a), like(a, 1))));
      case ATANH -> over(da, sub(like(a, 1), mul(a, a)));
      case SIGMOID -> times(da, mul(y, sub(like(y, 1), y)));
      case ERF -> times(da, mul(exp(neg(mul(a, a))), TWO_OVER_SQRT_PI));
      case ERFC -> times(da, mul(exp(neg(mul(a, a))), -TWO_OVER_SQRT_PI));
      case ERFINV -> times(da, mul(exp(mul(y, y)), 1 / TWO_OVER_SQRT_PI));
      case LGAMMA -> times(da, digamma(a));
      case DIGAMMA -> times(da, trigamma(a));
      case TRIGAMMA -> times(da, tetragamma(a));
      case WHERE -> choose(a, db, dc);
      case FLOOR_DIV,
          TRUNC_DIV,
          SIGN,
          FLOOR,
          CEIL,
          TRUNC,
          ROUND,
          EQ,
          NE,
          LT,
          LE,
          GT,
          GE,
          AND,
          OR,
          XOR,
          NOT,
          SHL,
          SHR,
          PHILOX ->
          like(y, 0);
    };
  }

  /// A turn divided by the squared length, and 0 at the origin, which has no angle.
  private static Expr slopeOfAngle(Expr a, Expr b, Expr turn) {
    Expr square = add(mul(a, a), mul(b, b));
    Expr isOrigin = eq(square, like(square, 0));
    return over(turn, where(isOrigin, like(square, 1), square));
  }

  /// `b aᵇ⁻¹`, and 0 where b is 0.
  private static Expr slopeOfBase(Expr a, Expr b) {
    return where(eq(b, like(b, 0)), like(b, 0), mul(b, pow(a, sub(b, like(b, 1)))));
  }

  /// `aᵇ log a`, and 0 where a is 0 and b is not negative.
  private static Expr slopeOfExponent(Expr y, Expr a, Expr b) {
    Expr flat = and(eq(a, like(a, 0)), ge(b, like(b, 0)));
    return where(flat, like(y, 0), mul(y, log(a)));
  }

  /// What the loser or winner of a comparison of `a` and `b` gets: nothing, half or all.
  private static Expr share(Expr loses, Expr a, Expr b) {
    Expr half = where(eq(a, b), like(a, 0.5), like(a, 1));
    return where(loses, like(a, 0), half);
  }

  /// The derivative of `trigamma`: eleven steps of its recurrence and an asymptotic series
  /// (Abramowitz and Stegun 6.4.6 and 6.4.14), reflected for the negative half (6.4.7).
  private static Expr tetragamma(Expr x) {
    Expr reflects = lt(x, like(x, 0.5));
    Expr z = where(reflects, sub(like(x, 1), x), x);
    Expr sum = like(x, 0);
    for (int k = 0; k < 11; k++) {
      sum = sub(sum, div(like(x, 2), cube(z)));
      z = add(z, like(z, 1));
    }
    double[] series = {-1.0 / 2, 1.0 / 6, -1.0 / 6, 3.0 / 10, -5.0 / 6, 691.0 / 210};
    Expr inverse = div(like(z, 1), mul(z, z));
    Expr tail = like(z, 0);
    for (int k = series.length - 1; k >= 0; k--) {
      tail = mul(add(tail, like(z, series[k])), inverse);
    }
    Expr lead = sub(tail, add(div(like(z, 1), z), like(z, 1)));
    Expr value = add(sum, mul(lead, inverse));
    Expr angle = mul(x, Math.PI);
    Expr other = mul(div(cos(angle), cube(sin(angle))), 2 * Math.PI * Math.PI * Math.PI);
    return where(reflects, sub(value, other), value);
  }

  private static Expr cube(Expr x) {
    return mul(mul(x, x), x);
  }

  /// Whether an expression is the constant `value`.
  public static boolean isConstant(Expr expr, double value) {
    return expr instanceof Expr.Const constant && constant.value().asDouble() == value;
  }

  private static Expr cast(DType dtype, Expr derivative) {
    return derivative instanceof Expr.Const(_, var value)
        ? Exprs.constant(dtype, value)
        : Exprs.cast(dtype, derivative);
  }

  private static Expr plus(Expr a, Expr b) {
    return isConstant(a, 0) ? b : isConstant(b, 0) ? a : add(a, b);
  }

  private static Expr minus(Expr a, Expr b) {
    if (isConstant(b, 0)) {
      return a;
    }
    return isConstant(a, 0) ? neg(b) : sub(a, b);
  }

  private static Expr choose(Expr condition, Expr yes, Expr no) {
    return isConstant(yes, 0) && isConstant(no, 0) ? yes : where(condition, yes, no);
  }

  /// The product of a derivative and a factor. A derivative that is 0 in a branch makes the product
  /// 0 there, whatever the factor.
  public static Expr times(Expr derivative, Expr factor) {
    if (isConstant(derivative, 0) || isConstant(factor, 1)) {
      return derivative;
    }
    if (isConstant(derivative, 1) || isConstant(factor, 0)) {
      return factor;
    }
    if (isConstant(derivative, -1)) {
      return neg(factor);
    }
    if (isBranch(derivative)) {
      List<Expr> args = ((Expr.Call) derivative).args();
      return choose(args.get(0), times(args.get(1), factor), times(args.get(2), factor));
    }
    if (isBranch(factor)) {
      return times(factor, derivative);
    }
    if (derivative instanceof Expr.Call(Fn fn, _, List<Expr> args)) {
      if (fn == Fn.NEG) {
        return neg(times(args.getFirst(), factor));
      }
      if (isReciprocal(derivative)) {
        return div(factor, args.getLast());
      }
    }
    return isReciprocal(factor) ? times(factor, derivative) : mul(factor, derivative);
  }

  private static Expr over(Expr derivative, Expr divisor) {
    return times(derivative, div(like(divisor, 1), divisor));
  }

  private static boolean isReciprocal(Expr expr) {
    return expr instanceof Expr.Call(Fn fn, _, List<Expr> args)
        && fn == Fn.DIV
        && isConstant(args.getFirst(), 1);
  }

  /// Whether an expression is a choice that costs less when a factor goes into its branches.
  private static boolean isBranch(Expr expr) {
    return expr instanceof Expr.Call(Fn fn, _, List<Expr> args)
        && fn == Fn.WHERE
        && (isFree(args.get(1)) || isFree(args.get(2)));
  }

  private static boolean isFree(Expr expr) {
    return isConstant(expr, 0) || isConstant(expr, 1) || isBranch(expr);
  }
}
