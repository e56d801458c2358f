package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.proteus.tensor.Tensor;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// First and second derivatives of reductions, searches, running totals and sorting.
class ReduceGradientTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final double[] MATRIX = {-2.3, 0.4, 0.7, 3.1, -1.2, 0.9};
  private static final double[] WITH_ZERO = {-2.3, 0, 0.7, 3.1, -1.2, 0.9};

  private static final double[] EQUAL = {0.3, 0.3, 0.3, -1, -1, 0.4};

  private static Arguments sample(String name, UnaryOperator<Tensor> f) {
    return Arguments.of(name, f, MATRIX);
  }

  static Stream<Arguments> samples() {
    return Stream.of(
        sample("sum", Tensor::sum),
        sample("sum(0)", x -> x.sum(0)),
        sample("sum kept", x -> x.sum(Keep.AXES, 1)),
        sample("nansum", x -> x.nansum(1)),
        sample("prod", x -> x.prod(1)),
        Arguments.of("prod with a zero", (UnaryOperator<Tensor>) Tensor::prod, WITH_ZERO),
        sample("mean", x -> x.mean(1)),
        sample("nanmean", x -> x.nanmean(0)),
        sample("amax", x -> x.amax(0)),
        sample("amin", x -> x.amin(1)),
        sample("max", x -> x.max(1).values()),
        sample("min", x -> x.min(Keep.AXES, 0).values()),
        sample("var", x -> x.var(1)),
        sample("var of all", x -> x.var(0, Keep.AXES)),
        sample("std", x -> x.std(1)),
        sample("norm", x -> x.norm(2, 1)),
        sample("norm 1", x -> x.norm(1, 0)),
        sample("norm 3", x -> x.norm(3, 0)),
        sample("norm inf", x -> x.norm(INF, 1)),
        sample("logsumexp", x -> x.logsumexp(1)),
        sample("cumsum", x -> x.cumsum(1)),
        sample("cumprod", x -> x.cumprod(1)),
        Arguments.of("cumprod with a zero", (UnaryOperator<Tensor>) x -> x.cumprod(1), WITH_ZERO),
        sample("logcumsumexp", x -> x.logcumsumexp(1)),
        Arguments.of(
            "logcumsumexp of equals", (UnaryOperator<Tensor>) x -> x.logcumsumexp(1), EQUAL),
        sample("cummax", x -> x.cummax(1).values()),
        sample("cummin", x -> x.cummin(0).values()),
        sample("sort", x -> x.sort(1).values()),
        sample("topk", x -> x.topk(2).values()),
        sample("kthvalue", x -> x.kthvalue(2, 1).values()),
        sample("median", x -> x.median(1).values()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void firstAndSecondDerivatives(String name, UnaryOperator<Tensor> f, double[] x) {
    new GradientCheck(inputs -> f.apply(inputs.getFirst())).with(x, 2, 3).check();
  }

  private static void check(UnaryOperator<Tensor> f, double[] x, double... wanted) {
    double[] got =
        GradientCheck.inFloat64(() -> {
          Tensor operand = Tensor.of(x).requiresGrad_(true);
          f.apply(operand).sum().backward();
          return operand.grad().orElseThrow().toDoubleArray();
        });
    assertArrayEquals(wanted, got, 1e-12);
  }

  private static double[] at(double... x) {
    return x;
  }

  @Test
  @DisplayName("7.5: ties share, along an axis the returned one takes all; norms at 0 are flat")
  void kinks() {
    check(Tensor::max, at(1, 3, 3), 0, 0.5, 0.5);
    check(x -> x.amin(0), at(3, 1, 1), 0, 0.5, 0.5);
    check(x -> x.max(0).values(), at(1, 3, 3), 0, 1, 0);
    check(x -> x.cummax(0).values(), at(1, 3, 3), 1, 1, 1);
    check(Tensor::norm, at(0, 0), 0, 0);
    check(x -> x.norm(1), at(0, 2), 0, 1);
    check(x -> x.norm(3), at(0, 0), 0, 0);
    check(Tensor::std, at(2, 2), 0, 0);
    check(x -> x.norm(0.5), at(0, 0), 0, 0);
    check(x -> x.norm(0.5), at(0, 4), 0, 1);
    check(x -> x.norm(-1), at(0, 4), 0, 0);
    check(x -> x.norm(INF), at(3, -3), 0.5, -0.5);
    check(Tensor::nansum, at(1, NAN), 1, 0);
  }

  @Test
  void logsumexpOfNothingHasNoShare() {
    check(x -> x.logsumexp(0), at(-INF, -INF), 0, 0);
    check(x -> x.logsumexp(0), at(1000, 1000), 0.5, 0.5);
  }

  @Test
  @DisplayName("AG-3: places, counts and truth values do not require grad")
  void noGradient() {
    Tensor x = Tensor.of(1.0, 2.0).requiresGrad_(true);
    assertFalse(x.argmax().requiresGrad());
    assertFalse(x.max(0).indices().requiresGrad());
    assertFalse(x.sort(0).indices().requiresGrad());
    assertFalse(x.countNonzero().requiresGrad());
    assertFalse(x.any().requiresGrad());
    assertFalse(x.gt(1).requiresGrad());
  }
}
