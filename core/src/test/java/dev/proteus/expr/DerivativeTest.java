package dev.proteus.expr;

import static dev.proteus.expr.Points.real;
import static dev.proteus.type.DType.BOOL;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;
import static dev.proteus.type.DType.INT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Symbolic derivatives against finite differences of the same expressions, and their values at
/// kinks (section 7.5 of the rules).
final class DerivativeTest {
  private static final Expr X = Exprs.input(0, FLOAT64);
  private static final Expr Y = Exprs.input(1, FLOAT64);
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  /// Where a function of floating operands is smooth; nothing for functions of integers. No
  /// default: a new function does not compile without its points.
  private static List<double[]> points(Fn fn) {
    return switch (fn) {
      case ADD, SUB, MUL, DIV, MAX, MIN, FMAX, FMIN, ATAN2 ->
          List.of(at(0.7, 1.3), at(-1.2, 0.4), at(2.5, -0.6));
      case FLOOR_DIV, TRUNC_DIV, REMAINDER, FMOD ->
          List.of(at(7.3, 2.1), at(-7.3, 2.1), at(7.3, -2.1));
      case POW -> List.of(at(0.7, 1.3), at(2.5, -0.6), at(1.9, 3));
      case NEG,
          ABS,
          SIGN,
          FLOOR,
          CEIL,
          TRUNC,
          ROUND,
          EXP,
          EXP2,
          EXPM1,
          SIN,
          COS,
          TAN,
          ATAN,
          SINH,
          COSH,
          TANH,
          ASINH,
          SIGMOID,
          ERF,
          ERFC ->
          List.of(at(0.3), at(-0.8), at(1.9), at(-2.2));
      case SQRT, RSQRT, LOG, LOG2, LOG10 -> List.of(at(0.3), at(1.9), at(40));
      case LOG1P -> List.of(at(-0.4), at(1.9));
      case ASIN, ACOS, ATANH, ERFINV -> List.of(at(0.1), at(-0.6), at(0.7));
      case ACOSH -> List.of(at(1.5), at(9));
      case LGAMMA, DIGAMMA, TRIGAMMA -> List.of(at(0.4), at(1.7), at(9.2), at(-0.45), at(-2.6));
      case EQ, NE, LT, LE, GT, GE -> List.of(at(0.7, 1.3));
      case WHERE -> List.of(at(1, 0.7, 1.3), at(0, 0.7, 1.3));
      case AND, OR, XOR, NOT, SHL, SHR, PHILOX -> List.of();
    };
  }

  private static double[] at(double... values) {
    return values;
  }

  /// The function of floating operands, as a floating expression.
  private static Expr call(Fn fn) {
    List<Expr> args = new ArrayList<>();
    for (int i = 0; i < fn.arity(); i++) {
      args.add(Exprs.input(i, fn == Fn.WHERE && i == 0 ? BOOL : FLOAT64));
    }
    return Exprs.cast(FLOAT64, Exprs.call(fn, args.toArray(Expr[]::new)));
  }

  private static double difference(Expr expr, int input, double... at) {
    double h = 1e-3;
    double near = moved(expr, input, h, at) - moved(expr, input, -h, at);
    double far = moved(expr, input, 2 * h, at) - moved(expr, input, -2 * h, at);
    return (8 * near - far) / (12 * h);
  }

  private static double moved(Expr expr, int input, double by, double... at) {
    double[] point = at.clone();
    point[input] += by;
    return real(expr, point);
  }

  /// Derivatives with respect to all operands from `first` on.
  private static void check(Expr expr, int first, double... at) {
    for (int input = first; input < at.length; input++) {
      double expected = difference(expr, input, at);
      double actual = real(Derivative.of(expr, input), at);
      int operand = input;
      assertEquals(
          expected,
          actual,
          1e-8 * Math.max(1, Math.abs(expected)),
          () -> expr + " with respect to " + operand + " at " + java.util.Arrays.toString(at));
    }
  }

  private static int firstReal(Fn fn) {
    return fn == Fn.WHERE ? 1 : 0;
  }

  @ParameterizedTest
  @EnumSource
  void firstDerivatives(Fn fn) {
    for (double[] at : points(fn)) {
      check(call(fn), firstReal(fn), at);
    }
  }

  @ParameterizedTest
  @EnumSource
  void secondDerivatives(Fn fn) {
    for (double[] at : points(fn)) {
      for (int input = firstReal(fn); input < at.length; input++) {
        check(Derivative.of(call(fn), input), firstReal(fn), at);
      }
    }
  }

  @Test
  void chains() {
    Expr gelu = Exprs.mul(Exprs.mul(X, 0.5), Exprs.add(Exprs.erf(Exprs.div(X, Math.sqrt(2))), 1));
    Expr mixed = Exprs.mul(Exprs.sin(Exprs.mul(X, Y)), Exprs.exp(Exprs.div(X, Y)));
    Expr softplus = Exprs.log1p(Exprs.exp(Exprs.mul(X, 3)));
    for (Expr expr : List.of(gelu, mixed, softplus)) {
      check(expr, 0, 0.7, 1.3);
      check(Derivative.of(expr, 0), 0, 0.7, 1.3);
      check(Derivative.of(Derivative.of(expr, 0), 0), 0, 0.7, 1.3);
    }
  }

  @Test
  void sharedSubexpressionsDoNotExplode() {
    Expr power = X;
    for (int i = 0; i < 60; i++) {
      power = Exprs.mul(Exprs.sin(power), power);
    }
    Expr first = Derivative.of(power, 0);
    assertTrue(Exprs.size(first) < 600, () -> "first: " + Exprs.size(first));
    Expr second = Derivative.of(first, 0);
    assertTrue(Exprs.size(second) < 3000, () -> "second: " + Exprs.size(second));
  }

  private static double slope(Expr expr, double... at) {
    return real(Derivative.of(expr, 0), at);
  }

  /// Section 7.5.
  @Test
  void kinks() {
    assertEquals(0, slope(Exprs.abs(X), 0));
    assertEquals(INF, slope(Exprs.sqrt(X), 0));
    Expr zero = Exprs.like(X, 0);
    assertEquals(0, slope(Exprs.where(Exprs.le(X, zero), zero, X), 0));
    assertEquals(NAN, slope(Exprs.abs(X), NAN));
  }

  /// Section 7.5: a tie of maximum or minimum gives half to each.
  @Test
  void ties() {
    for (Expr expr : List.of(Exprs.max(X, Y), Exprs.min(X, Y))) {
      assertEquals(0.5, real(Derivative.of(expr, 0), 2, 2));
      assertEquals(0.5, real(Derivative.of(expr, 1), 2, 2));
    }
    assertEquals(1, real(Derivative.of(Exprs.max(X, Y), 0), 3, 2));
    assertEquals(0, real(Derivative.of(Exprs.max(X, Y), 1), 3, 2));
    assertEquals(0, real(Derivative.of(Exprs.min(X, Y), 0), 3, 2));
    assertEquals(1, real(Derivative.of(Exprs.min(X, Y), 1), 3, 2));
  }

  /// The one that is not NaN gets all; at a tie the first does.
  @Test
  void nanInMaximaThatIgnoreIt() {
    for (Expr expr : List.of(Exprs.fmax(X, Y), Exprs.fmin(X, Y))) {
      assertEquals(1, real(Derivative.of(expr, 0), 2, NAN));
      assertEquals(0, real(Derivative.of(expr, 1), 2, NAN));
      assertEquals(0, real(Derivative.of(expr, 0), NAN, 2));
      assertEquals(1, real(Derivative.of(expr, 1), NAN, 2));
      assertEquals(1, real(Derivative.of(expr, 0), 2, 2));
    }
  }

  @Test
  void powersAtZero() {
    Expr power = Exprs.pow(X, Y);
    Expr base = Derivative.of(power, 0);
    Expr exponent = Derivative.of(power, 1);
    assertEquals(0, real(base, 0, 0));
    assertEquals(1, real(base, 0, 1));
    assertEquals(INF, real(base, 0, 0.5));
    assertEquals(0, real(exponent, 0, 0));
    assertEquals(0, real(exponent, 0, 2));
    assertEquals(NAN, real(exponent, -1, 2));
    assertEquals(0, slope(Exprs.pow(X, Exprs.like(X, 0)), 0));
  }

  /// Inside one expression; between two the product of 0 and infinity is NaN (section 7.5).
  @Test
  void aBranchThatIsNotTakenContributesNothing() {
    Expr zero = Exprs.like(X, 0);
    Expr safe = Exprs.where(Exprs.eq(X, zero), zero, Exprs.sqrt(X));
    assertEquals(0, slope(safe, 0));
    Expr upstream = Exprs.input(1, FLOAT64);
    assertEquals(0, real(Derivative.times(Derivative.of(safe, 0), upstream), 0, NAN));
    Expr exponential = Exprs.exp(Exprs.where(Exprs.lt(X, zero), X, zero));
    assertEquals(0, slope(exponential, 1e9));
  }

  @Test
  void integersAndConstantsHaveNone() {
    Expr n = Exprs.input(1, INT64);
    Expr steps = Exprs.mul(X, Exprs.cast(FLOAT64, Exprs.cast(INT64, X)));
    assertEquals(3, slope(steps, 3.5));
    Expr scaled = Exprs.mul(X, Exprs.cast(FLOAT64, n));
    assertEquals(Exprs.like(X, 0), Derivative.of(scaled, 1));
    assertEquals(Exprs.like(X, 0), Derivative.of(Exprs.floor(X), 0));
    assertEquals(Exprs.like(X, 0), Derivative.of(Exprs.exp(Y), 0));
  }

  @Test
  void castsPassThrough() {
    Expr narrow = Exprs.cast(FLOAT32, X);
    assertEquals(Exprs.constant(FLOAT32, 1), Derivative.of(narrow, 0));
    assertEquals(Exprs.exp(narrow), Derivative.of(Exprs.exp(narrow), 0));
  }

  /// What backward kernels will compute is no more than what one would write by hand.
  @Test
  void derivativesAreSmall() {
    assertEquals(Exprs.like(X, 1), Derivative.of(Exprs.add(X, Y), 0));
    assertEquals(Y, Derivative.of(Exprs.mul(X, Y), 0));
    assertEquals(Exprs.add(X, X), Derivative.of(Exprs.mul(X, X), 0));
    assertEquals(Exprs.div(Exprs.like(X, 1), X), Derivative.of(Exprs.log(X), 0));
    Expr tanh = Exprs.tanh(X);
    Expr slope = Exprs.sub(Exprs.like(X, 1), Exprs.mul(tanh, tanh));
    assertEquals(slope, Derivative.of(tanh, 0));
    assertEquals(Exprs.div(Y, X), Derivative.times(Derivative.of(Exprs.log(X), 0), Y));
    assertEquals(Exprs.neg(Y), Derivative.times(Derivative.of(Exprs.neg(X), 0), Y));
  }
}
