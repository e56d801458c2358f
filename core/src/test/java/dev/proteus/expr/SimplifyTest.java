package dev.proteus.expr;

import static dev.proteus.expr.Points.evaluated;
import static dev.proteus.type.DType.BOOL;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;
import static dev.proteus.type.DType.INT32;
import static dev.proteus.type.DType.INT64;
import static dev.proteus.type.DType.UINT8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Simplified expressions have the same values, NaN, infinities and signs of zero included, and are
/// no larger.
final class SimplifyTest {
  private static final Expr X = Exprs.input(0, FLOAT64);
  private static final Expr N = Exprs.input(0, INT32);

  /// Division of integers is left out: where its result does not matter, its error may go.
  private static final List<Fn> OF_INTEGERS =
      List.of(
          Fn.ADD, Fn.SUB, Fn.MUL, Fn.POW, Fn.MAX, Fn.MIN, Fn.NEG, Fn.ABS, Fn.AND, Fn.OR, Fn.XOR,
          Fn.NOT, Fn.SHL, Fn.SHR);

  private static final List<Fn> OF_REALS =
      List.of(
          Fn.ADD,
          Fn.SUB,
          Fn.MUL,
          Fn.DIV,
          Fn.FLOOR_DIV,
          Fn.REMAINDER,
          Fn.POW,
          Fn.MAX,
          Fn.MIN,
          Fn.FMAX,
          Fn.FMIN,
          Fn.NEG,
          Fn.ABS,
          Fn.SIGN,
          Fn.FLOOR,
          Fn.SQRT,
          Fn.EXP,
          Fn.TANH);

  @Provide
  Arbitrary<Expr> expressions() {
    return Arbitraries.of(FLOAT64, FLOAT32, FLOAT16, INT64, INT32, UINT8)
        .flatMap(dtype -> tree(dtype, 3));
  }

  private static Arbitrary<Expr> tree(DType dtype, int depth) {
    Arbitrary<Expr> leaf = Arbitraries.oneOf(constant(dtype), operand(dtype));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<Expr> below = tree(dtype, depth - 1);
    List<Fn> functions = dtype.isFloating() ? OF_REALS : OF_INTEGERS;
    Arbitrary<Expr> call =
        Combinators.combine(Arbitraries.of(functions), below, below)
            .as((fn, a, b) -> fn.arity() == 1 ? Exprs.call(fn, a) : Exprs.call(fn, a, b));
    Arbitrary<Expr> choice =
        Combinators.combine(condition(dtype, depth - 1), below, below).as(Exprs::where);
    Arbitrary<Expr> thereAndBack =
        Combinators.combine(Arbitraries.of(DType.class), below)
            .as((middle, a) -> Exprs.cast(dtype, Exprs.cast(middle, a)));
    return Arbitraries.oneOf(List.of(leaf, call, call, call, choice, thereAndBack));
  }

  private static Arbitrary<Expr> operand(DType dtype) {
    return Arbitraries.of(0, 1).map(index -> Exprs.input(index, dtype));
  }

  private static Arbitrary<Expr> constant(DType dtype) {
    Arbitrary<Double> value =
        dtype.isFloating()
            ? Arbitraries.of(0.0, -0.0, 1.0, -1.0, 2.0, 0.1, Double.NaN, Double.POSITIVE_INFINITY)
            : Arbitraries.of(0.0, 1.0, -1.0, 2.0, 7.0);
    return value.map(number -> Exprs.constant(dtype, number));
  }

  private static Arbitrary<Expr> condition(DType dtype, int depth) {
    Arbitrary<Expr> side = tree(dtype, depth);
    Arbitrary<Expr> comparison =
        Combinators.combine(Arbitraries.of(Fn.EQ, Fn.LT, Fn.GE), side, side).as(Exprs::call);
    Arbitrary<Expr> not = comparison.map(c -> Exprs.not(Exprs.not(c)));
    Arbitrary<Expr> truth = Arbitraries.of(true, false).map(b -> constant(b));
    Arbitrary<Expr> either =
        Combinators.combine(
                Arbitraries.of(Fn.AND, Fn.OR, Fn.XOR),
                Arbitraries.oneOf(comparison, truth),
                Arbitraries.oneOf(comparison, truth))
            .as(Exprs::call);
    return Arbitraries.oneOf(comparison, not, truth, either);
  }

  private static Expr constant(boolean value) {
    return Exprs.constant(BOOL, Scalar.of(value));
  }

  @Provide
  Arbitrary<Double> numbers() {
    return Arbitraries.of(
        0.0,
        -0.0,
        1.0,
        -1.0,
        3.0,
        -2.5,
        0.1,
        1e-310,
        1e300,
        65504.0,
        70000.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY);
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void valuesStay(
      @ForAll("expressions") Expr expr, @ForAll("numbers") double a, @ForAll("numbers") double b) {
    Expr simple = Simplify.of(expr);
    DType dtype = expr.dtype();
    double x = stored(dtype, a);
    double y = stored(dtype, b);
    assertEquals(dtype, simple.dtype());
    if (dtype.isFloating()) {
      assertEquals(evaluated(expr, x, y).real(), evaluated(simple, x, y).real());
    } else {
      assertEquals(evaluated(expr, x, y).integer(), evaluated(simple, x, y).integer());
    }
  }

  /// A number that an operand of this type can have.
  private static double stored(DType dtype, double value) {
    return dtype.isFloating()
        ? Evaluate.rounded(dtype, value)
        : Evaluate.wrapped(dtype, (long) Math.clamp(value, -1e9, 1e9));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void expressionsDoNotGrow(@ForAll("expressions") Expr expr) {
    assertTrue(Exprs.size(Simplify.of(expr)) <= Exprs.size(expr));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void simplifyingTwiceChangesNothing(@ForAll("expressions") Expr expr) {
    Expr once = Simplify.of(expr);
    assertEquals(once, Simplify.of(once));
  }

  private static void simplifies(Expr expr, Expr expected) {
    assertEquals(expected, Simplify.of(expr));
  }

  @Example
  void neutralConstantsGo() {
    simplifies(Exprs.mul(X, 1), X);
    simplifies(Exprs.mul(Exprs.like(X, 1), X), X);
    simplifies(Exprs.div(X, 1), X);
    simplifies(Exprs.sub(X, 0), X);
    simplifies(Exprs.add(X, -0.0), X);
    simplifies(Exprs.add(N, 0), N);
    simplifies(Exprs.mul(N, 0), Exprs.like(N, 0));
    simplifies(Exprs.pow(X, Exprs.like(X, 2)), Exprs.mul(X, X));
    simplifies(Exprs.neg(Exprs.neg(X)), X);
    simplifies(Exprs.mul(X, -1), Exprs.neg(X));
  }

  /// They matter for NaN, infinities and the sign of zero.
  @Example
  void constantsThatMatterStay() {
    for (Expr expr : List.of(Exprs.mul(X, 0), Exprs.add(X, 0), Exprs.sub(X, X))) {
      simplifies(expr, expr);
    }
  }

  @Example
  void constantsAreFolded() {
    Expr one = Exprs.like(X, 1);
    simplifies(Exprs.add(X, Exprs.add(one, 2)), Exprs.add(X, 3));
    simplifies(Exprs.where(constant(true), X, one), X);
    simplifies(Exprs.where(Exprs.lt(X, one), X, X), X);
    simplifies(Exprs.cast(FLOAT32, Exprs.like(X, 0.1)), Exprs.constant(FLOAT32, 0.1f));
  }

  @Example
  void castsThatLoseNothingGo() {
    Expr single = Exprs.input(0, FLOAT32);
    simplifies(Exprs.cast(FLOAT32, Exprs.cast(FLOAT64, single)), single);
    Expr back = Exprs.cast(FLOAT64, Exprs.cast(FLOAT32, X));
    simplifies(back, back);
    Expr large = Exprs.input(0, INT64);
    Expr rounds = Exprs.cast(INT64, Exprs.cast(FLOAT64, large));
    simplifies(rounds, rounds);
    Expr half = Exprs.input(0, FLOAT16);
    Expr rounded = Exprs.cast(FLOAT16, Exprs.cast(FLOAT32, Exprs.exp(half)));
    simplifies(rounded, rounded);
  }

  @Example
  void divisionOfIntegersByZeroStays() {
    Expr one = Exprs.like(N, 1);
    Expr division = Exprs.floorDiv(one, Exprs.like(N, 0));
    simplifies(division, division);
  }
}
