package dev.proteus.expr;

import static dev.proteus.expr.Points.evaluated;
import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.BOOL;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;
import static dev.proteus.type.DType.INT16;
import static dev.proteus.type.DType.INT32;
import static dev.proteus.type.DType.INT64;
import static dev.proteus.type.DType.INT8;
import static dev.proteus.type.DType.UINT8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What each function means, by the rules DT-20 to DT-25.
final class EvaluateTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static void assertStartsWith(String expected, Exception e) {
    assertTrue(String.valueOf(e.getMessage()).startsWith(expected), () -> e.toString());
  }

  private static Expr call(Fn fn, DType dtype) {
    List<Expr> args = new ArrayList<>();
    for (int i = 0; i < fn.arity(); i++) {
      args.add(Exprs.input(i, fn == Fn.WHERE && i == 0 ? BOOL : dtype));
    }
    return Exprs.call(fn, args.toArray(Expr[]::new));
  }

  private static long integer(Fn fn, DType dtype, double... inputs) {
    return evaluated(call(fn, dtype), inputs).integer();
  }

  private static double real(Fn fn, DType dtype, double... inputs) {
    return evaluated(call(fn, dtype), inputs).real();
  }

  private static double real(Fn fn, double... inputs) {
    return real(fn, FLOAT64, inputs);
  }

  private static Evaluate cast(DType from, DType to, double value) {
    return evaluated(Exprs.cast(to, Exprs.input(0, from)), value);
  }

  @Test
  @DisplayName("DT-20 integers wrap around at their width")
  void integersWrap() {
    assertEquals(-128, integer(Fn.ADD, INT8, 127, 1));
    assertEquals(255, integer(Fn.SUB, UINT8, 0, 1));
    assertEquals(255, integer(Fn.NEG, UINT8, 1));
    assertEquals(-128, integer(Fn.ABS, INT8, -128));
    assertEquals(Short.MIN_VALUE, integer(Fn.ADD, INT16, Short.MAX_VALUE, 1));
    assertEquals(-2, integer(Fn.MUL, INT32, Integer.MAX_VALUE, 2));
    assertEquals(Long.MIN_VALUE, integer(Fn.NEG, INT64, Long.MIN_VALUE));
    assertEquals(254, integer(Fn.NOT, UINT8, 1));
    assertEquals(-2, integer(Fn.NOT, INT8, 1));
  }

  @Test
  @DisplayName("DT-20 a wrapped value goes into the next step")
  void everyStepWraps() {
    Expr x = Exprs.input(0, UINT8);
    Expr halved = Exprs.floorDiv(Exprs.add(x, 10), Exprs.like(x, 2));
    assertEquals(2, evaluated(halved, 250).integer());
  }

  @Test
  @DisplayName("DT-21 the four divisions of integers")
  void integerDivision() {
    assertEquals(-4, integer(Fn.FLOOR_DIV, INT32, -7, 2));
    assertEquals(-4, integer(Fn.FLOOR_DIV, INT32, 7, -2));
    assertEquals(3, integer(Fn.FLOOR_DIV, INT32, -7, -2));
    assertEquals(-3, integer(Fn.TRUNC_DIV, INT32, -7, 2));
    assertEquals(2, integer(Fn.REMAINDER, INT32, -7, 3));
    assertEquals(-2, integer(Fn.REMAINDER, INT32, 7, -3));
    assertEquals(-1, integer(Fn.FMOD, INT32, -7, 3));
    assertEquals(1, integer(Fn.FMOD, INT32, 7, -3));
  }

  @Test
  @DisplayName("DT-21 the four divisions of floating numbers")
  void floatingDivision() {
    assertEquals(-4, real(Fn.FLOOR_DIV, -7, 2));
    assertEquals(-3, real(Fn.TRUNC_DIV, -7, 2));
    assertEquals(2, real(Fn.REMAINDER, -7, 3));
    assertEquals(-2, real(Fn.REMAINDER, 7, -3));
    assertEquals(-1, real(Fn.FMOD, -7, 3));
    assertEquals(9, real(Fn.FLOOR_DIV, 1, 0.1));
  }

  @Test
  @DisplayName("DT-22 division by zero")
  void divisionByZero() {
    for (Fn fn : List.of(Fn.FLOOR_DIV, Fn.TRUNC_DIV, Fn.REMAINDER, Fn.FMOD)) {
      var e = assertThrows(ArithmeticException.class, () -> integer(fn, INT32, 1, 0));
      assertStartsWith(fn + ": ", e);
    }
    assertEquals(INF, real(Fn.FLOOR_DIV, 1, 0));
    assertEquals(-INF, real(Fn.FLOOR_DIV, -1, 0));
    assertEquals(NAN, real(Fn.FLOOR_DIV, 0, 0));
    assertEquals(NAN, real(Fn.REMAINDER, 1, 0));
    assertEquals(5, real(Fn.REMAINDER, 5, INF));
    assertEquals(INF, real(Fn.REMAINDER, -5, INF));
  }

  @Test
  @DisplayName("DT-23 powers of integers, also to negative exponents")
  void integerPower() {
    assertEquals(243, integer(Fn.POW, INT32, 3, 5));
    assertEquals(1, integer(Fn.POW, INT32, 0, 0));
    assertEquals(1, integer(Fn.POW, INT32, 1, -3));
    assertEquals(-1, integer(Fn.POW, INT32, -1, -3));
    assertEquals(1, integer(Fn.POW, INT32, -1, -4));
    assertEquals(0, integer(Fn.POW, INT32, 2, -1));
    assertEquals(-112, integer(Fn.POW, INT8, 12, 2));
  }

  @Test
  void floatingPower() {
    assertEquals(1, real(Fn.POW, 1, NAN));
    assertEquals(1, real(Fn.POW, NAN, 0));
    assertEquals(1, real(Fn.POW, -1, INF));
    assertEquals(-8, real(Fn.POW, -2, 3));
    assertEquals(NAN, real(Fn.POW, -2, 0.5));
  }

  @Test
  @DisplayName("DT-24 casts truncate, wrap, and take NaN for true")
  void casts() {
    assertEquals(2, cast(FLOAT32, INT64, 2.9).integer());
    assertEquals(-2, cast(FLOAT32, INT64, -2.9).integer());
    assertEquals(44, cast(INT32, INT8, 300).integer());
    assertEquals(44, cast(FLOAT32, INT8, 300).integer());
    assertEquals(1, cast(FLOAT32, BOOL, NAN).integer());
    assertEquals(1, cast(FLOAT32, BOOL, 0.5).integer());
    assertEquals(0, cast(FLOAT32, BOOL, -0.0).integer());
    assertEquals(1, cast(INT32, BOOL, 256).integer());
    assertEquals(INF, cast(FLOAT32, FLOAT16, 1e6).real());
    assertEquals(1.0, cast(FLOAT32, BFLOAT16, 1.00390625).real());
    assertEquals(1.015625, cast(FLOAT32, BFLOAT16, 1.01171875).real());
    assertEquals((float) 0.1, cast(FLOAT64, FLOAT32, 0.1).real());
    assertEquals(1L << 53, cast(INT64, FLOAT32, (1L << 53) + 2).real());
  }

  @Test
  @DisplayName("DT-25 maxima and minima let NaN through, those of numbers do not")
  void nanInMaximaAndMinima() {
    for (Fn fn : List.of(Fn.MAX, Fn.MIN)) {
      assertEquals(NAN, real(fn, NAN, 1));
      assertEquals(NAN, real(fn, 1, NAN));
    }
    for (Fn fn : List.of(Fn.FMAX, Fn.FMIN)) {
      assertEquals(1, real(fn, NAN, 1));
      assertEquals(1, real(fn, 1, NAN));
      assertEquals(NAN, real(fn, NAN, NAN));
    }
    assertEquals(0, integer(Fn.EQ, FLOAT32, NAN, NAN));
    assertEquals(1, integer(Fn.NE, FLOAT32, NAN, NAN));
    assertEquals(0, integer(Fn.GE, FLOAT32, NAN, 1));
    assertEquals(NAN, real(Fn.SIGN, NAN));
  }

  @Test
  @DisplayName("DT-25 halves are rounded to even numbers")
  void halvesRoundToEven() {
    assertEquals(2, real(Fn.ROUND, 2.5));
    assertEquals(4, real(Fn.ROUND, 3.5));
    assertEquals(-2, real(Fn.ROUND, -1.5));
    assertEquals(-1, real(Fn.TRUNC, -1.5));
  }

  @Test
  void shiftsBeyondTheWidth() {
    assertEquals(0, integer(Fn.SHL, INT32, 1, 32));
    assertEquals(0, integer(Fn.SHL, INT32, 1, -1));
    assertEquals(Integer.MIN_VALUE, integer(Fn.SHL, INT32, 1, 31));
    assertEquals(-1, integer(Fn.SHR, INT32, -5, 32));
    assertEquals(0, integer(Fn.SHR, UINT8, 200, 8));
    assertEquals(-3, integer(Fn.SHR, INT32, -5, 1));
  }

  @Test
  @DisplayName("DT-10 booleans add as or and multiply as and")
  void arithmeticOfBooleans() {
    assertEquals(1, integer(Fn.ADD, BOOL, 1, 1));
    assertEquals(0, integer(Fn.MUL, BOOL, 1, 0));
    assertEquals(0, integer(Fn.NOT, BOOL, 1));
    assertEquals(1, integer(Fn.NOT, BOOL, 0));
  }

  @Test
  void float32IsRoundedAfterEveryStep() {
    Expr x = Exprs.input(0, FLOAT32);
    assertEquals(0, evaluated(Exprs.sub(Exprs.add(x, 1e-9), x), 1).real());
    assertEquals((float) Math.exp(0.1f), real(Fn.EXP, FLOAT32, 0.1f));
  }

  @Test
  @DisplayName("DT-24 halves are computed in float32 and rounded at a cast")
  void halvesAreComputedInFloat32() {
    Expr x = Exprs.input(0, FLOAT16);
    Expr sum = Exprs.sub(Exprs.add(x, 1.0 / 4096), x);
    assertEquals(1.0 / 4096, evaluated(sum, 1).real());
    Expr stored = Exprs.cast(FLOAT16, Exprs.cast(FLOAT32, Exprs.add(x, 1.0 / 4096)));
    assertEquals(1, evaluated(stored, 1).real());
  }

  @Test
  void whereTakesEitherSide() {
    Expr where = call(Fn.WHERE, FLOAT64);
    assertEquals(2, evaluated(where, 1, 2, 3).real());
    assertEquals(3, evaluated(where, 0, 2, 3).real());
    assertEquals(3, evaluated(call(Fn.WHERE, INT32), 0, 2, 3).integer());
  }

  @Test
  void coordinatesAndRandomBits() {
    assertEquals(102, evaluated(new Expr.Coord(2)).integer());
    assertEquals(Philox.bits(7, 9), integer(Fn.PHILOX, INT64, 7, 9));
  }

  /// Each function has a meaning for floating values, for integers, or for both.
  @Test
  void everyFunctionIsDefinedSomewhere() {
    for (Fn fn : Fn.values()) {
      int defined = 0;
      for (DType dtype : List.of(FLOAT64, INT64)) {
        try {
          evaluated(call(fn, dtype), 1, 1, 1);
          defined++;
        } catch (DTypeException e) {
          assertStartsWith(fn + ": ", e);
        }
      }
      assertTrue(defined > 0, fn + " is not defined for any type");
    }
  }
}
