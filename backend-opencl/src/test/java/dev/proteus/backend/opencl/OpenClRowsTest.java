package dev.proteus.backend.opencl;

import static dev.proteus.backend.opencl.OpenClPrimitivesTest.random;
import static dev.proteus.backend.opencl.OpenClPrimitivesTest.same;

import dev.proteus.op.LogSoftmaxBackward;
import dev.proteus.op.SoftmaxBackward;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Kernels that work line by line against the definitions on the reference backend, at the lengths
/// at which loops change their way.
class OpenClRowsTest {
  @BeforeAll
  static void device() {
    WithDevice.check();
  }

  private static double tolerance(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> 1e-12;
      case FLOAT32 -> 2e-5;
      case FLOAT16 -> 2e-3;
      case BFLOAT16 -> 2e-2;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> 0;
    };
  }

  /// Rows, the same transposed, lines that lie across in blocks of every kind, and nothing.
  private static void inAllArrangements(DType dtype, Line line) {
    double tolerance = tolerance(dtype);
    same(tolerance, () -> line.of(random(dtype, 3, 17), 1));
    same(tolerance, () -> line.of(random(dtype, 17, 3).t(), 1));
    same(tolerance, () -> line.of(random(dtype, 17, 3), 0));
    same(tolerance, () -> line.of(random(dtype, 2, 9, 67), 1));
    same(tolerance, () -> line.of(random(dtype, 5, 40).slice(1, 3, 36, 1), 0));
    same(tolerance, () -> line.of(random(dtype, 5, 40).slice(0, 1, 4, 1), -1));
    same(tolerance, () -> line.of(random(dtype, 0, 5), 1));
  }

  /// An operator along an axis.
  private interface Line {
    Tensor of(Tensor x, int axis);
  }

  // ---- softmax

  private static Tensor softmaxBackward(Tensor x, int axis) {
    int at = axis < 0 ? axis + x.rank() : axis;
    return x.call(new SoftmaxBackward(at), List.of(x.softmax(at), x));
  }

  private static Tensor logSoftmaxBackward(Tensor x, int axis) {
    int at = axis < 0 ? axis + x.rank() : axis;
    return x.call(new LogSoftmaxBackward(at), List.of(x.logSoftmax(at), x));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void softmax(DType dtype) {
    inAllArrangements(dtype, Tensor::softmax);
    inAllArrangements(dtype, Tensor::logSoftmax);
    inAllArrangements(dtype, OpenClRowsTest::softmaxBackward);
    inAllArrangements(dtype, OpenClRowsTest::logSoftmaxBackward);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 15, 16, 17, 31, 32, 33, 255, 256, 257, 1000})
  void softmaxOfAnyLength(long length) {
    List<UnaryOperator<Tensor>> all =
        List.of(
            x -> x.softmax(1),
            x -> x.logSoftmax(1),
            x -> x.t().softmax(0),
            x -> x.t().contiguous().logSoftmax(0),
            x -> softmaxBackward(x, 1),
            x -> logSoftmaxBackward(x, 1));
    for (UnaryOperator<Tensor> one : all) {
      same(2e-5, () -> one.apply(random(DType.FLOAT32, 3, length)));
    }
  }

  @Test
  void softmaxOfWhatIsNotFinite() {
    double[][] rows = {
      {Double.NaN, 1, 2},
      {Double.POSITIVE_INFINITY, 1, 2},
      {Double.NEGATIVE_INFINITY, 1, 2},
      {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY},
      {1e30, 1, -1e30}
    };
    same(1e-6, () -> Tensor.of(rows).softmax(1));
    same(1e-6, () -> Tensor.of(rows).t().contiguous().softmax(0));
    same(1e-6, () -> Tensor.of(rows).logSoftmax(1));
    same(1e-6, () -> Tensor.of(rows).t().contiguous().logSoftmax(0));
  }
}
