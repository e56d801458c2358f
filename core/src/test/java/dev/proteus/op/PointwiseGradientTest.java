package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.proteus.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// First and second derivatives of pointwise operators, and the conventions at kinks.
class PointwiseGradientTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  /// Operators whose derivative is nothing to check: steps and truth values.
  private static final Set<Pointwise> STEPS =
      EnumSet.of(
          Pointwise.EQ,
          Pointwise.NE,
          Pointwise.LT,
          Pointwise.LE,
          Pointwise.GT,
          Pointwise.GE,
          Pointwise.ISCLOSE,
          Pointwise.ISNAN,
          Pointwise.ISINF,
          Pointwise.ISFINITE,
          Pointwise.SIGNBIT,
          Pointwise.LOGICAL_AND,
          Pointwise.LOGICAL_OR,
          Pointwise.LOGICAL_XOR,
          Pointwise.LOGICAL_NOT,
          Pointwise.BITWISE_AND,
          Pointwise.BITWISE_OR,
          Pointwise.BITWISE_XOR,
          Pointwise.BITWISE_NOT,
          Pointwise.BITWISE_LEFT_SHIFT,
          Pointwise.BITWISE_RIGHT_SHIFT);

  private static final double[] ANY = {-2.3, -0.4, 0.7, 3.1};
  private static final double[] POSITIVE = {0.3, 0.8, 1.7, 4.2};
  private static final double[] UNIT = {-0.7, -0.2, 0.3, 0.6};

  private static Arguments one(Pointwise op, UnaryOperator<Tensor> f, double... x) {
    Function<List<Tensor>, Tensor> call = inputs -> f.apply(inputs.getFirst());
    return Arguments.of(op, new GradientCheck(call).with(x, x.length));
  }

  private interface Two {
    Tensor apply(Tensor a, Tensor b);
  }

  /// The second operand is a row against the first one's column.
  private static Arguments two(Pointwise op, Two f, double[] a, double... b) {
    Function<List<Tensor>, Tensor> call = inputs -> f.apply(inputs.get(0), inputs.get(1));
    return Arguments.of(op, new GradientCheck(call).with(a, a.length, 1).with(b, b.length));
  }

  private interface Three {
    Tensor apply(Tensor a, Tensor b, Tensor c);
  }

  private static Arguments three(Pointwise op, Three f, double[] a, double[] b, double... c) {
    Function<List<Tensor>, Tensor> call = x -> f.apply(x.get(0), x.get(1), x.get(2));
    return Arguments.of(
        op, new GradientCheck(call).with(a, a.length).with(b, b.length).with(c, c.length));
  }

  static Stream<Arguments> samples() {
    return Stream.of(arithmetic(), choices(), functions(), activations()).flatMap(s -> s);
  }

  private static Stream<Arguments> arithmetic() {
    return Stream.of(
        two(Pointwise.ADD, Tensor::add, ANY, 1, -2),
        two(Pointwise.ADD_SCALED, (a, b) -> a.add(b, 1.5), ANY, 1, -2),
        two(Pointwise.SUB, Tensor::sub, ANY, 1, -2),
        two(Pointwise.MUL, Tensor::mul, ANY, 1.5, -2),
        two(Pointwise.DIV, Tensor::div, ANY, 1.5, -2),
        one(Pointwise.DIV, x -> x.rdiv(3), ANY),
        two(Pointwise.FLOOR_DIVIDE, Tensor::floorDivide, ANY, 1.5, -0.8),
        two(Pointwise.TRUNC_DIVIDE, Tensor::truncDivide, ANY, 1.5, -0.8),
        two(Pointwise.REMAINDER, Tensor::remainder, ANY, 1.5, -0.8),
        two(Pointwise.FMOD, Tensor::fmod, ANY, 1.5, -0.8),
        two(Pointwise.POW, Tensor::pow, POSITIVE, 1.5, -0.8),
        one(Pointwise.POW, x -> x.pow(2), ANY),
        one(Pointwise.POW, x -> x.pow(3), ANY),
        one(Pointwise.POW, x -> x.pow(-2), ANY),
        one(Pointwise.POW, x -> x.rpow(1.7), ANY),
        two(Pointwise.MAXIMUM, Tensor::maximum, ANY, 0.5, -1),
        two(Pointwise.MINIMUM, Tensor::minimum, ANY, 0.5, -1),
        two(Pointwise.FMAX, Tensor::fmax, ANY, 0.5, -1),
        two(Pointwise.FMIN, Tensor::fmin, ANY, 0.5, -1),
        two(Pointwise.ATAN2, Tensor::atan2, ANY, 0.5, -1),
        two(Pointwise.HYPOT, Tensor::hypot, ANY, 0.5, -1),
        two(Pointwise.COPYSIGN, Tensor::copysign, ANY, 0.5, -1),
        two(Pointwise.XLOGY, Tensor::xlogy, ANY, 0.5, 2),
        two(Pointwise.LOGADDEXP, Tensor::logaddexp, ANY, 0.5, -1),
        three(Pointwise.LERP, Tensor::lerp, POSITIVE, ANY, UNIT),
        three(Pointwise.ADDCMUL, (a, b, c) -> a.addcmul(b, c, 1.5), ANY, POSITIVE, UNIT),
        three(Pointwise.ADDCDIV, (a, b, c) -> a.addcdiv(b, c, 1.5), ANY, UNIT, POSITIVE));
  }

  private static Stream<Arguments> choices() {
    return Stream.of(
        two(Pointwise.WHERE, (a, b) -> a.where(a.gt(0), b), ANY, 1, 2),
        one(Pointwise.MASKED_FILL, x -> x.maskedFill(x.gt(0), 5), ANY),
        three(Pointwise.CLAMP, Tensor::clamp, ANY, UNIT, POSITIVE),
        one(Pointwise.CLAMP, x -> x.clamp(-1, 2), ANY),
        two(Pointwise.CLAMP_MIN, Tensor::clampMin, ANY, 0.5, -1),
        two(Pointwise.CLAMP_MAX, Tensor::clampMax, ANY, 0.5, -1),
        one(Pointwise.THRESHOLD, x -> x.threshold(0.5, 7), ANY),
        one(Pointwise.NAN_TO_NUM, Tensor::nanToNum, ANY));
  }

  private static Stream<Arguments> functions() {
    return Stream.of(
        one(Pointwise.NEG, Tensor::neg, ANY),
        one(Pointwise.ABS, Tensor::abs, ANY),
        one(Pointwise.SIGN, Tensor::sign, ANY),
        one(Pointwise.FLOOR, Tensor::floor, ANY),
        one(Pointwise.CEIL, Tensor::ceil, ANY),
        one(Pointwise.TRUNC, Tensor::trunc, ANY),
        one(Pointwise.ROUND, Tensor::round, ANY),
        one(Pointwise.FRAC, Tensor::frac, ANY),
        one(Pointwise.SQUARE, Tensor::square, ANY),
        one(Pointwise.RECIPROCAL, Tensor::reciprocal, ANY),
        one(Pointwise.SQRT, Tensor::sqrt, POSITIVE),
        one(Pointwise.RSQRT, Tensor::rsqrt, POSITIVE),
        one(Pointwise.ROOT, x -> x.square().norm(3, 0), POSITIVE),
        one(Pointwise.EXP, Tensor::exp, ANY),
        one(Pointwise.EXP2, Tensor::exp2, ANY),
        one(Pointwise.EXPM1, Tensor::expm1, ANY),
        one(Pointwise.LOG, Tensor::log, POSITIVE),
        one(Pointwise.LOG2, Tensor::log2, POSITIVE),
        one(Pointwise.LOG10, Tensor::log10, POSITIVE),
        one(Pointwise.LOG1P, Tensor::log1p, POSITIVE),
        one(Pointwise.SIN, Tensor::sin, ANY),
        one(Pointwise.COS, Tensor::cos, ANY),
        one(Pointwise.TAN, Tensor::tan, UNIT),
        one(Pointwise.ASIN, Tensor::asin, UNIT),
        one(Pointwise.ACOS, Tensor::acos, UNIT),
        one(Pointwise.ATAN, Tensor::atan, ANY),
        one(Pointwise.SINH, Tensor::sinh, ANY),
        one(Pointwise.COSH, Tensor::cosh, ANY),
        one(Pointwise.TANH, Tensor::tanh, ANY),
        one(Pointwise.ASINH, Tensor::asinh, ANY),
        one(Pointwise.ACOSH, Tensor::acosh, 1.4, 3),
        one(Pointwise.ATANH, Tensor::atanh, UNIT),
        one(Pointwise.ERF, Tensor::erf, ANY),
        one(Pointwise.ERFC, Tensor::erfc, ANY),
        one(Pointwise.ERFINV, Tensor::erfinv, UNIT),
        one(Pointwise.LGAMMA, Tensor::lgamma, POSITIVE),
        one(Pointwise.SIGMOID, Tensor::sigmoid, ANY),
        one(Pointwise.LOGIT, Tensor::logit, 0.2, 0.7));
  }

  private static Stream<Arguments> activations() {
    return Stream.of(
        one(Pointwise.RELU, Tensor::relu, ANY),
        one(Pointwise.RELU6, Tensor::relu6, ANY),
        one(Pointwise.LEAKY_RELU, x -> x.leakyRelu(0.1), ANY),
        one(Pointwise.ELU, x -> x.elu(1.5), ANY),
        one(Pointwise.CELU, x -> x.celu(1.5), ANY),
        one(Pointwise.SELU, Tensor::selu, ANY),
        one(Pointwise.GELU, Tensor::gelu, ANY),
        one(Pointwise.GELU_TANH, Tensor::geluTanh, ANY),
        one(Pointwise.SILU, Tensor::silu, ANY),
        one(Pointwise.MISH, Tensor::mish, ANY),
        one(Pointwise.SOFTPLUS, x -> x.softplus(2, 5), ANY),
        one(Pointwise.SOFTSIGN, Tensor::softsign, ANY),
        one(Pointwise.SOFTSHRINK, x -> x.softshrink(0.5), ANY),
        one(Pointwise.HARDSHRINK, x -> x.hardshrink(0.5), ANY),
        one(Pointwise.TANHSHRINK, Tensor::tanhshrink, ANY),
        one(Pointwise.HARDTANH, x -> x.hardtanh(-1, 2), ANY),
        one(Pointwise.HARDSIGMOID, Tensor::hardsigmoid, ANY),
        one(Pointwise.HARDSWISH, Tensor::hardswish, ANY),
        one(Pointwise.LOG_SIGMOID, Tensor::logSigmoid, ANY));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void firstAndSecondDerivatives(Pointwise op, GradientCheck sample) {
    assertFalse(STEPS.contains(op), op + " has a derivative");
    sample.check();
  }

  /// The second derivative of digamma is not a function that expressions have.
  @Test
  void digamma() {
    double[] grad = gradient(Tensor::digamma, 1, 2.5);
    assertArrayEquals(new double[] {Math.PI * Math.PI / 6, 0.49035775610023485}, grad, 1e-12);
  }

  private static double[] gradient(UnaryOperator<Tensor> f, double... values) {
    return GradientCheck.inFloat64(() -> {
      Tensor x = Tensor.of(values).requiresGrad_(true);
      f.apply(x).sum().backward();
      return x.grad().orElseThrow().toDoubleArray();
    });
  }

  private static void checkKink(UnaryOperator<Tensor> f, double[] x, double... wanted) {
    assertArrayEquals(wanted, gradient(f, x), 1e-12, Arrays.toString(x));
  }

  private static double[] at(double... x) {
    return x;
  }

  @Test
  @DisplayName("7.5: derivatives at kinks")
  void kinks() {
    checkKink(Tensor::abs, at(0), 0);
    checkKink(x -> x.atan2(x.detach()), at(0), 0);
    checkKink(x -> x.detach().atan2(x), at(0), 0);
    checkKink(Tensor::relu, at(0), 0);
    checkKink(Tensor::relu6, at(0, 6), 0, 0);
    checkKink(Tensor::sqrt, at(0), INF);
    checkKink(x -> x.clamp(-1, 2), at(-1, 2, -3, 0), 1, 1, 0, 1);
    checkKink(x -> x.clampMin(2), at(2), 1);
    checkKink(x -> x.clampMax(2), at(2), 1);
    checkKink(x -> x.clamp(3, 2), at(1, 2.5, 4), 0, 0, 0);
    checkKink(x -> x.maximum(Tensor.of(1, 1)), at(1, 2), 0.5, 1);
    checkKink(x -> x.minimum(Tensor.of(1, 1)), at(1, 2), 0.5, 0);
    checkKink(x -> x.hardtanh(-1, 1), at(-1, 1), 0, 0);
    checkKink(Tensor::hardsigmoid, at(-3, 3), 0, 0);
    checkKink(x -> x.leakyRelu(0.1), at(0), 0.1);
    checkKink(x -> x.elu(2), at(0), 2);
    checkKink(x -> x.threshold(1, 5), at(1), 0);
    checkKink(x -> x.hypot(Tensor.of(0)), at(0), 0);
    checkKink(x -> x.xlogy(Tensor.of(0)), at(0), 0);
    checkKink(Tensor::logSigmoid, at(0), 0.5);
    checkKink(x -> x.logaddexp(Tensor.of(1)), at(1), 0.5);
  }

  @Test
  void sumsOfExponentialsAreSmoothAtTies() {
    double[] ties = {1, -2, 0.5};
    new GradientCheck(x -> x.get(0).logaddexp(x.get(1))).with(ties, 3).with(ties, 3).check();
    new GradientCheck(x -> x.get(0).logaddexp2(x.get(1))).with(ties, 3).with(ties, 3).check();
    new GradientCheck(x -> x.getFirst().logSigmoid()).with(at(0, 0.5), 2).check();
  }

  @Test
  void largeArgumentsHaveFiniteDerivatives() {
    checkKink(Tensor::softplus, at(1000, -1000), 1, 0);
    checkKink(x -> x.elu(1), at(1000), 1);
    checkKink(Tensor::mish, at(1000), 1);
    checkKink(Tensor::logSigmoid, at(1000, -1000), 0, 1);
    checkKink(Tensor::sigmoid, at(1000, -1000), 0, 0);
    checkKink(Tensor::silu, at(1000, -1000), 1, 0);
    checkKink(Tensor::gelu, at(1000, -1000), 1, 0);
    checkKink(Tensor::geluTanh, at(100, -100), 1, 0);
  }

  @Test
  @DisplayName("7.5: in a branch not taken, infinity times zero is NaN")
  void branchNotTaken() {
    checkKink(x -> x.sqrt().where(x.gt(0), x), at(0), Double.NaN);
  }
}
