package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// What random numbers of a device are like: their moments, and that a stream is one stream.
final class Distributions {
  private static final int COUNT = 20_000;
  private static final long SEED = 42;

  private final Device device;
  private final Tensor anything;

  Distributions(Device device) {
    this.device = device;
    this.anything = Tensor.scalar(0);
  }

  private TensorSpec spec(DType dtype, long count) {
    return new TensorSpec(Shape.of(count), dtype, device);
  }

  /// Uniform numbers: mean 1/2, variance 1/12, as many in each of ten intervals.
  void uniform() {
    double[] drawn = anything.rand(spec(DType.FLOAT32, COUNT), SEED, 0).toDoubleArray();
    moment("mean", drawn, x -> x, 0.5, 1 / 12.0);
    moment("variance", drawn, x -> (x - 0.5) * (x - 0.5), 1 / 12.0, 1 / 180.0);
    for (int interval = 0; interval < 10; interval++) {
      double low = interval / 10.0;
      moment("share from " + low, drawn, x -> x >= low && x < low + 0.1 ? 1 : 0, 0.1, 0.09);
    }
    assertTrue(Arrays.stream(drawn).allMatch(x -> x >= 0 && x < 1), "numbers are in [0, 1)");
  }

  /// Normal numbers: the first four moments are 0, 1, 0 and 3.
  void normal() {
    double[] drawn = anything.randn(spec(DType.FLOAT32, COUNT), SEED, 0).toDoubleArray();
    moment("mean", drawn, x -> x, 0, 1);
    moment("variance", drawn, x -> x * x, 1, 2);
    moment("skewness", drawn, x -> x * x * x, 0, 15);
    moment("kurtosis", drawn, x -> x * x * x * x, 3, 96);
  }

  /// Integers from -2 to 3, each as often.
  void integers() {
    double[] drawn = anything.randint(-2, 4, spec(DType.INT64, COUNT), SEED, 0).toDoubleArray();
    for (int number = -2; number < 4; number++) {
      double wanted = number;
      moment("share of " + number, drawn, x -> x == wanted ? 1 : 0, 1 / 6.0, 5 / 36.0);
    }
  }

  /// Truth with probability 0.3.
  void truth() {
    double[] drawn = anything.bernoulli(0.3, spec(DType.BOOL, COUNT), SEED, 0).toDoubleArray();
    moment("share of true", drawn, x -> x, 0.3, 0.21);
  }

  /// A draw that begins later in a stream continues it; another seed is another stream.
  void streams() {
    double[] whole = anything.rand(spec(DType.FLOAT32, 64), SEED, 0).toDoubleArray();
    double[] rest = anything.rand(spec(DType.FLOAT32, 60), SEED, 4).toDoubleArray();
    double[] other = anything.rand(spec(DType.FLOAT32, 64), SEED + 1, 0).toDoubleArray();
    assertArrayEquals(Arrays.copyOfRange(whole, 4, 64), rest);
    assertTrue(!Arrays.equals(whole, other), "two seeds give the same numbers");
  }

  /// Fails if the mean of a function of the numbers is more than five deviations from what it
  /// should be.
  ///
  /// @param variance the function's variance
  private static void moment(
      String what, double[] drawn, DoubleUnaryOperator function, double wanted, double variance) {
    double mean = Arrays.stream(drawn).map(function).average().orElse(Double.NaN);
    double allowed = 5 * Math.sqrt(variance / drawn.length);
    assertTrue(
        Math.abs(mean - wanted) <= allowed,
        () -> "%s is %s, expected %s ± %.2g".formatted(what, mean, wanted, allowed));
  }
}
