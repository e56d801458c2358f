package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Values of pointwise operators.
class PointwiseTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  private static Tensor f64(double... values) {
    return Scope.withDType(DType.FLOAT64, () -> Tensor.of(values));
  }

  private static Tensor of(DType dtype, long... values) {
    return Tensor.of(values).to(dtype);
  }

  private static void check(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 1e-12);
  }

  /// Checks at float32's precision.
  private static void close(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 2e-6);
  }

  @Test
  @DisplayName("DT-20: integers wrap")
  void wrap() {
    check(of(DType.INT8, 127).add(1), -128);
    check(of(DType.UINT8, 0).sub(1), 255);
    check(of(DType.UINT8, 1).neg(), 255);
    check(of(DType.INT8, -128).abs(), -128);
    check(of(DType.UINT8, 1).add(300), 45);
    check(of(DType.INT32, Integer.MAX_VALUE).mul(2), -2);
  }

  @Test
  @DisplayName("DT-21: floor division, truncation and both remainders")
  void divisions() {
    Tensor a = Tensor.of(new long[] {-7, 7, 7, -7}, 4);
    Tensor b = Tensor.of(new long[] {2, -2, 2, 3}, 4);
    check(a.floorDivide(b), -4, -4, 3, -3);
    check(a.truncDivide(b), -3, -3, 3, -2);
    check(a.remainder(b), 1, -1, 1, 2);
    check(a.fmod(b), -1, 1, 1, -1);
    check(f64(-7, 7, 7).floorDivide(f64(2, -2, 2)), -4, -4, 3);
    check(f64(-7, 7).remainder(f64(3, -3)), 2, -2);
  }

  @Test
  @DisplayName("DT-22: division by zero")
  void divisionByZero() {
    assertThrows(ArithmeticException.class, () -> of(DType.INT32, 1).floorDivide(0));
    assertThrows(ArithmeticException.class, () -> of(DType.INT32, 1).remainder(0));
    check(of(DType.INT32, 1, -1, 0).div(0), INF, -INF, NAN);
    check(f64(1, -1, 0).floorDivide(0), INF, -INF, NAN);
    check(f64(5, -5).remainder(INF), 5, INF);
  }

  @Test
  @DisplayName("DT-23: integer powers")
  void integerPowers() {
    Tensor base = of(DType.INT64, 1, -1, 2, -3);
    check(base.pow(3), 1, -1, 8, -27);
    check(base.pow(of(DType.INT64, -2, -3, -1, -2)), 1, -1, 0, 0);
    check(base.pow(0.5), 1, NAN, (float) Math.sqrt(2), NAN);
    check(of(DType.INT64, 0, 3).rpow(2), 1, 8);
  }

  @Test
  @DisplayName("DT-10: booleans add as or, multiply as and")
  void booleans() {
    Tensor a = Tensor.of(true, true, false, false);
    Tensor b = Tensor.of(true, false, true, false);
    check(a.add(b), 1, 1, 1, 0);
    check(a.mul(b), 1, 0, 0, 0);
    check(a.maximum(b), 1, 1, 1, 0);
    check(a.minimum(b), 1, 0, 0, 0);
    check(a.fmax(b), 1, 1, 1, 0);
    check(a.fmin(b), 1, 0, 0, 0);
    check(a.sign(), 1, 1, 0, 0);
    check(a.bitwiseNot(), 0, 0, 1, 1);
    check(a.bitwiseXor(b), 0, 1, 1, 0);
    check(a.lt(b), 0, 0, 1, 0);
    assertEquals(DType.INT64, a.add(1).dtype());
    check(a.add(1), 2, 2, 1, 1);
  }

  @Test
  @DisplayName("DT-6: comparison and logic")
  void comparison() {
    Tensor x = f64(1, 2, 3, NAN);
    check(x.eq(2), 0, 1, 0, 0);
    check(x.ne(2), 1, 0, 1, 1);
    check(x.lt(2), 1, 0, 0, 0);
    check(x.le(2), 1, 1, 0, 0);
    check(x.gt(2), 0, 0, 1, 0);
    check(x.ge(2), 0, 1, 1, 0);
    check(of(DType.INT64, 1, 2).gt(1.5), 0, 1);
    check(f64(0, 2, NAN, 0).logicalAnd(f64(1, 1, 1, 0)), 0, 1, 1, 0);
    check(f64(0, 2, 0).logicalOr(of(DType.INT8, 0, 0, 5)), 0, 1, 1);
    check(f64(0, 2, 3).logicalXor(f64(1, 1, 0)), 1, 0, 1);
    check(f64(0, 2, NAN).logicalNot(), 1, 0, 0);
    assertEquals(DType.BOOL, x.eq(2).dtype());
  }

  @Test
  @DisplayName(
      "DT-25: NaN passes extremes and clamps, but not fmax and fmin; round is half to even")
  void nan() {
    check(f64(NAN, 1, 3).maximum(f64(1, NAN, 2)), NAN, NAN, 3);
    check(f64(NAN, 1, 3).minimum(f64(1, NAN, 2)), NAN, NAN, 2);
    check(f64(NAN, 1, NAN).fmax(f64(1, NAN, NAN)), 1, 1, NAN);
    check(f64(NAN, 1, NAN).fmin(f64(1, NAN, NAN)), 1, 1, NAN);
    check(f64(NAN, -1, 1, 3).clamp(0, 2), NAN, 0, 1, 2);
    check(f64(1).clampMin(f64(NAN)), NAN);
    check(f64(NAN, -1, 1).relu(), NAN, 0, 1);
    check(f64(NAN).hardtanh(-1, 1), NAN);
    check(f64(0.5, 1.5, 2.5, -0.5, -1.5).round(), 0, 2, 2, 0, -2);
  }

  @Test
  void arithmeticWithNumbers() {
    Tensor x = f64(1, 2, 4);
    check(x.add(0.5), 1.5, 2.5, 4.5);
    check(x.rsub(1), 0, -1, -3);
    check(x.rdiv(1), 1, 0.5, 0.25);
    check(x.rpow(3), 3, 9, 81);
    check(x.pow(2), 1, 4, 16);
    check(x.pow(3), 1, 8, 64);
    check(x.pow(0.5), 1, Math.sqrt(2), 2);
    check(x.pow(-1), 1, 0.5, 0.25);
    check(x.pow(1.5), 1, Math.pow(2, 1.5), 8);
    check(x.add(f64(1, 1, 1), 3), 4, 5, 7);
    check(of(DType.INT64, 1, 2).add(of(DType.INT64, 3, 4), 2), 7, 10);
    check(of(DType.INT64, 5).div(2), 2.5);
  }

  @Test
  void choices() {
    Tensor mask = Tensor.of(true, false, true);
    Tensor x = f64(1, 2, 3);
    check(x.where(mask, f64(7, 8, 9)), 1, 8, 3);
    check(x.where(mask, -1), 1, -1, 3);
    check(x.maskedFill(mask, 0.5), 0.5, 2, 0.5);
    check(of(DType.INT64, 1, 2, 3).maskedFill(mask, 1.7), 1, 2, 1);
    assertEquals(DType.INT64, of(DType.INT64, 1, 2, 3).maskedFill(mask, 1.7).dtype());
    check(x.clamp(f64(0, 2.5, 0), f64(9, 9, 1)), 1, 2.5, 1);
    check(x.clamp(3, 2), 2, 2, 2);
    check(x.clampMin(2), 2, 2, 3);
    check(x.clampMax(2), 1, 2, 2);
    assertEquals(DType.FLOAT32, of(DType.INT64, 1).clamp(0.5, 2.5).dtype());
    check(x.threshold(1.5, -7), -7, 2, 3);
  }

  @Test
  void bits() {
    Tensor x = of(DType.INT32, 12, -3);
    check(x.bitwiseAnd(10), 8, 8);
    check(x.bitwiseOr(of(DType.INT32, 3, 0)), 15, -3);
    check(x.bitwiseXor(1), 13, -4);
    check(x.bitwiseNot(), -13, 2);
    check(x.bitwiseLeftShift(2), 48, -12);
    check(x.bitwiseRightShift(1), 6, -2);
  }

  @Test
  void blends() {
    Tensor x = f64(1, 2);
    check(x.lerp(f64(3, 6), 0.25), 1.5, 3);
    check(x.lerp(f64(3, 6), f64(1, 0)), 3, 2);
    check(x.addcmul(f64(2, 3), f64(4, 5)), 9, 17);
    check(x.addcmul(f64(2, 3), f64(4, 5), 0.5), 5, 9.5);
    check(x.addcdiv(f64(4, 9), f64(2, 3), 2.0), 5, 8);
    check(of(DType.INT64, 1).addcmul(of(DType.INT64, 2), of(DType.INT64, 3), 4), 25);
  }

  @Test
  void signsAndClasses() {
    Tensor x = f64(-INF, -1.5, -0.0, 0, 2.5, INF, NAN);
    check(x.isnan(), 0, 0, 0, 0, 0, 0, 1);
    check(x.isinf(), 1, 0, 0, 0, 0, 1, 0);
    check(x.isfinite(), 0, 1, 1, 1, 1, 0, 0);
    check(x.signbit(), 1, 1, 1, 0, 0, 0, 0);
    check(x.sign(), -1, -1, 0, 0, 1, 1, NAN);
    check(of(DType.INT64, 3).isinf(), 0);
    check(of(DType.INT64, 3).isfinite(), 1);
    check(f64(3, -3, 3).copysign(f64(-1, 1, -0.0)), -3, 3, -3);
    check(f64(-1.5, 1.5).floor(), -2, 1);
    check(f64(-1.5, 1.5).ceil(), -1, 2);
    check(f64(-1.5, 1.5).trunc(), -1, 1);
    check(f64(-1.5, 1.25).frac(), -0.5, 0.25);
    check(of(DType.INT64, -3).floor(), -3);
  }

  @Test
  @DisplayName("DT-8: closeness is for operands of one type")
  void closeness() {
    Tensor x = f64(1, 100, INF, NAN, INF);
    check(x.isclose(f64(1 + 1e-6, 100.1, INF, NAN, 1)), 1, 0, 1, 0, 0);
    check(x.isclose(f64(1.5, 101, 0, 0, -INF), 0, 0.6), 1, 0, 0, 0, 0);
    check(of(DType.INT64, 10).isclose(of(DType.INT64, 11), 0.2, 0), 1);
    assertThrows(DTypeException.class, () -> x.isclose(Tensor.of(1.0)));
  }

  @Test
  void nanToNum() {
    check(f64(NAN, INF, -INF, 1).nanToNum(5, 6, 7), 5, 6, 7, 1);
    Tensor x = Tensor.of(NAN, INF, -INF).nanToNum();
    check(x, 0, Float.MAX_VALUE, -Float.MAX_VALUE);
    check(x.to(DType.FLOAT16).nanToNum(), 0, 65504, -65504);
    check(of(DType.INT64, 3).nanToNum(), 3);
  }

  @Test
  void twoOperandFunctions() {
    check(f64(3e200, 0, INF, 3).hypot(f64(4e200, 0, 1, -4)).div(f64(1e200, 1, 1, 1)), 5, 0, INF, 5);
    check(f64(0, 0, 2, 0).xlogy(f64(0, INF, Math.E, NAN)), 0, 0, 2, NAN);
    check(f64(1000, -INF, 0).logaddexp(f64(1000, -INF, -INF)), 1000 + Math.log(2), -INF, 0);
    check(f64(1, -1).atan2(f64(0, -1)), Math.PI / 2, -3 * Math.PI / 4);
  }

  static Stream<Arguments> functions() {
    return Stream.of(
        row("gelu", Tensor::gelu, 1, 0.8413447460685429),
        row("geluTanh", Tensor::geluTanh, 1, 0.8411919906082768),
        row("silu", Tensor::silu, 1, 0.7310585786300049),
        row("mish", Tensor::mish, 1, 0.8650983882673103),
        row("mish", Tensor::mish, 30, 30),
        row("softplus", Tensor::softplus, 1, 1.3132616875182228),
        row("softplus", Tensor::softplus, 1000, 1000),
        row("softplus(2, 20)", x -> x.softplus(2, 20), 1, 1.0634640055214863),
        row("logSigmoid", Tensor::logSigmoid, -1000, -1000),
        row("logSigmoid", Tensor::logSigmoid, 1, -0.3132616875182228),
        row("sigmoid", Tensor::sigmoid, -1, 0.2689414213699951),
        row("logit", Tensor::logit, 0.25, -1.0986122886681098),
        row("softsign", Tensor::softsign, -3, -0.75),
        row("selu", Tensor::selu, -1, -1.1113307378125628),
        row("selu", Tensor::selu, 2, 2.101401974710969),
        row("elu", x -> x.elu(2), -1, -1.2642411176571153),
        row("celu", x -> x.celu(2), -1, -0.7869386805747332),
        row("leakyRelu", x -> x.leakyRelu(0.1), -3, -0.3),
        row("relu6", Tensor::relu6, 7, 6),
        row("hardsigmoid", Tensor::hardsigmoid, 1, 2.0 / 3),
        row("hardsigmoid", Tensor::hardsigmoid, 4, 1),
        row("hardswish", Tensor::hardswish, 1, 2.0 / 3),
        row("hardswish", Tensor::hardswish, -4, 0),
        row("softshrink", x -> x.softshrink(0.5), 2, 1.5),
        row("softshrink", x -> x.softshrink(0.5), -2, -1.5),
        row("softshrink", x -> x.softshrink(0.5), 0.3, 0),
        row("hardshrink", x -> x.hardshrink(0.5), 0.5, 0),
        row("hardshrink", x -> x.hardshrink(0.5), -2, -2),
        row("tanhshrink", Tensor::tanhshrink, 1, 1 - Math.tanh(1)),
        row("square", Tensor::square, -3, 9),
        row("rsqrt", Tensor::rsqrt, 4, 0.5),
        row("reciprocal", Tensor::reciprocal, 4, 0.25),
        row("exp2", Tensor::exp2, 3, 8),
        row("expm1", Tensor::expm1, 1e-10, 1.00000000005e-10),
        row("log1p", Tensor::log1p, 1e-10, 9.9999999995e-11),
        row("log2", Tensor::log2, 8, 3),
        row("log10", Tensor::log10, 1000, 3),
        row("asinh", Tensor::asinh, 1, 0.881373587019543),
        row("acosh", Tensor::acosh, 2, 1.3169578969248166),
        row("atanh", Tensor::atanh, 0.5, 0.5493061443340548),
        row("erf", Tensor::erf, 0.5, 0.5204998778130465),
        row("erfc", Tensor::erfc, 0.5, 0.4795001221869535),
        row("erfinv", Tensor::erfinv, 0.5, 0.4769362762044699),
        row("lgamma", Tensor::lgamma, 4.5, 2.453736570842442),
        row("digamma", Tensor::digamma, 4.5, 1.388870926359529));
  }

  private static Arguments row(String name, UnaryOperator<Tensor> f, double x, double wanted) {
    return Arguments.of(name, f, x, wanted);
  }

  @ParameterizedTest(name = "{0} of {2} is {3}")
  @MethodSource("functions")
  void values(String name, UnaryOperator<Tensor> f, double x, double wanted) {
    assertEquals(wanted, f.apply(f64(x)).item(), 1e-12 * Math.max(1, Math.abs(wanted)), name);
    close(f.apply(Tensor.of((double) (float) x)), f.apply(f64((float) x)).item());
  }

  @Test
  void triangles() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
    check(x.tril(0), 1, 0, 0, 4, 5, 0);
    check(x.tril(1), 1, 2, 0, 4, 5, 6);
    check(x.triu(0), 1, 2, 3, 0, 5, 6);
    check(x.triu(-1), 1, 2, 3, 4, 5, 6);
    assertThrows(ShapeException.class, () -> Tensor.of(1, 2).tril(0));
  }

  @Test
  @DisplayName("DT-24, TT-1: casts")
  void casts() {
    Tensor x = Tensor.of(1.9, -1.9, NAN);
    assertSame(x, x.to(DType.FLOAT32));
    check(Tensor.of(1.9, -1.9).to(DType.INT32), 1, -1);
    check(x.to(DType.BOOL), 1, 1, 1);
    check(of(DType.INT64, 300).to(DType.INT8), 44);
    check(Tensor.of(1e6).to(DType.FLOAT16), INF);
    check(Tensor.of(1.00390625, 1.01171875).to(DType.BFLOAT16), 1, 1.015625);
  }

  @Test
  @DisplayName("BC-1: operands of different shapes are broadcast")
  void broadcast() {
    Tensor column = Tensor.of(new double[] {1, 2}, 2, 1);
    check(column.mul(Tensor.of(1, 10, 100)), 1, 10, 100, 2, 20, 200);
    assertThrows(ShapeException.class, () -> Tensor.of(1, 2).add(Tensor.of(1, 2, 3)));
  }

  @Test
  @DisplayName("VW-2: contiguous copies only where it must")
  void contiguousCopiesOnlyWhereNeeded() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
    assertSame(x, x.contiguous());
    Tensor transposed = x.t();
    assertFalse(transposed.isContiguous());
    assertTrue(transposed.contiguous().isContiguous());
    check(transposed.contiguous(), 1, 3, 2, 4);
  }
}
