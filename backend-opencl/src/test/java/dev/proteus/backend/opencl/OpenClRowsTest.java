package dev.proteus.backend.opencl;

import static dev.proteus.backend.opencl.OpenClPrimitivesTest.random;
import static dev.proteus.backend.opencl.OpenClPrimitivesTest.same;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.TensorIndexException;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.Indexed;
import dev.proteus.op.LogSoftmaxBackward;
import dev.proteus.op.Reduction;
import dev.proteus.op.SoftmaxBackward;
import dev.proteus.op.Sort;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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

  // ---- norms

  /// What a normalisation makes of its operands, and its gradients for all of them.
  private static Tensor withGradients(UnaryOperator<List<Tensor>> op, Tensor... operands) {
    List<Tensor> leaves = Stream.of(operands).map(x -> x.detach().requiresGrad_(true)).toList();
    List<Tensor> results = op.apply(leaves);
    Tensor flat = Tensor.cat(results.stream().map(y -> y.flatten()).toList(), 0);
    flat.mul(flat.detach().sin()).sum().backward();
    List<Tensor> all = new ArrayList<>(List.of(flat.detach()));
    leaves.forEach(x -> all.add(x.grad().orElseThrow().flatten()));
    return Tensor.cat(all, 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 15, 16, 17, 100, 257, 1000})
  void rowNorms(long length) {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      double tolerance = 30 * tolerance(dtype);
      same(
          tolerance,
          () ->
              withGradients(
                  in -> List.of(in.get(0).layerNorm(in.get(1), in.get(2), 1e-3)),
                  random(dtype, 70, length),
                  random(dtype, length),
                  random(dtype, length)));
      same(
          tolerance,
          () ->
              withGradients(
                  in -> List.of(in.get(0).rmsNorm(in.get(1), 1e-3)),
                  random(dtype, length, 3).t(),
                  random(dtype, length)));
      same(
          tolerance,
          () ->
              withGradients(
                  in -> List.of(in.getFirst().rmsNorm(1, 1e-3)), random(dtype, 4, length)));
      same(
          tolerance,
          () ->
              withGradients(
                  in -> List.of(in.getFirst().layerNorm(2, 1e-3)), random(dtype, 2, 3, length)));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void norms(DType dtype) {
    double tolerance = 5 * tolerance(dtype);
    same(tolerance, () -> random(dtype, 0, 5).layerNorm(1, 1e-3));
    same(tolerance, () -> random(dtype, 7, 33).layerNorm(random(dtype, 33), 1e-3));
    same(tolerance, () -> random(dtype, 7, 33).rmsNorm(random(dtype, 33), 1e-3));
    same(
        tolerance,
        () -> random(dtype, 3, 6, 5, 7).groupNorm(2, random(dtype, 6), random(dtype, 6), 1e-3));
    same(tolerance, () -> random(dtype, 3, 6, 1).groupNorm(3, 1e-3));
    for (long size : new long[] {15, 16, 17, 300}) {
      same(tolerance, () -> random(dtype, 5, 3, size).batchNorm(1e-3).output());
      same(
          tolerance,
          () ->
              random(dtype, size, 3, 5)
                  .permute(2, 1, 0)
                  .batchNorm(random(dtype, 3), random(dtype, 3), 1e-3)
                  .output());
      same(tolerance, () -> random(dtype, 5, 3, size).batchNorm(1e-3).var());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {16, 49, 256, 300})
  void gradientsOfBatchNorm(long size) {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      same(
          100 * tolerance(dtype),
          () ->
              withGradients(
                  in -> {
                    var batch = in.get(0).batchNorm(in.get(1), in.get(2), 1e-3);
                    return List.of(batch.output(), batch.mean(), batch.var());
                  },
                  random(dtype, 4, 3, size),
                  random(dtype, 3),
                  random(dtype, 3)));
      same(
          100 * tolerance(dtype),
          () ->
              withGradients(
                  in -> List.of(in.getFirst().batchNorm(1e-3).output()),
                  random(dtype, 4, 3, size)));
    }
  }

  // ---- cross entropy

  @ParameterizedTest
  @ValueSource(longs = {1, 15, 16, 17, 257, 1000})
  void crossEntropy(long classes) {
    long[] targets = {0, classes - 1, -100, classes / 2, 0};
    for (Reduction reduction : Reduction.values()) {
      for (double smoothing : new double[] {0, 0.3}) {
        CrossEntropy loss =
            CrossEntropy.MEAN.withReduction(reduction).withLabelSmoothing(smoothing);
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
          same(
              30 * tolerance(dtype),
              () ->
                  withGradients(
                      in -> List.of(in.getFirst().crossEntropy(Tensor.of(targets), loss)),
                      random(dtype, 5, classes)));
          same(
              30 * tolerance(dtype),
              () -> {
                Tensor weight = random(dtype, classes).abs();
                return withGradients(
                    in -> List.of(in.getFirst().crossEntropy(Tensor.of(targets), weight, loss)),
                    random(dtype, classes, 5).t());
              });
        }
      }
    }
  }

  @Test
  void crossEntropyOfHalves() {
    for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      for (Reduction reduction : Reduction.values()) {
        CrossEntropy loss = CrossEntropy.MEAN.withReduction(reduction).withIgnoreIndex(2);
        same(
            5 * tolerance(dtype),
            () ->
                withGradients(
                    in -> List.of(in.getFirst().crossEntropy(Tensor.of(1L, 2, 0), loss)),
                    random(dtype, 3, 20)));
      }
    }
  }

  @Test
  void aClassOutsideIsNamed() {
    Scope.on(
        WithDevice.DEVICE,
        () -> {
          Tensor x = Tensor.zeros(2, 3);
          TensorIndexException error =
              assertThrows(TensorIndexException.class, () -> x.crossEntropy(Tensor.of(-100L, 3)));
          assertTrue(String.valueOf(error.getMessage()).contains("index 3"), error::toString);
          return x;
        });
  }

  // ---- places and running values

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "BFLOAT16", "INT64", "INT8", "BOOL"})
  void argmax(DType dtype) {
    inAllPlaces(x -> x.argmax(1), dtype);
    inAllPlaces(x -> x.argmin(1), dtype);
    inAllPlaces(x -> x.transpose(0, 1).argmax(0), dtype);
    inAllPlaces(x -> x.transpose(0, 1).contiguous().argmin(0), dtype);
  }

  private static void inAllPlaces(UnaryOperator<Tensor> op, DType dtype) {
    for (long length : new long[] {1, 16, 17, 300}) {
      same(0, () -> op.apply(random(dtype, 5, length)));
    }
  }

  @Test
  void theFirstNaNIsTheExtreme() {
    double[][] rows = {
      {1, Double.NaN, 3, Double.NaN},
      {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, 0},
      {Double.POSITIVE_INFINITY, 0, Double.POSITIVE_INFINITY, -1}
    };
    same(0, () -> Tensor.of(rows).argmax(1));
    same(0, () -> Tensor.of(rows).argmin(1));
    same(0, () -> Tensor.of(rows).t().contiguous().argmax(0));
    same(0, () -> Tensor.of(rows).t().contiguous().argmin(0));
    same(0, () -> Tensor.of(rows).cummax(1).values());
    same(0, () -> Tensor.of(rows).t().contiguous().cummin(0).values());
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "INT64", "INT32", "UINT8"})
  void runningValues(DType dtype) {
    double tolerance = 10 * tolerance(dtype);
    for (long length : new long[] {1, 16, 255, 256, 257, 700}) {
      same(tolerance, () -> random(dtype, 3, length).cumsum(1));
      same(tolerance, () -> random(dtype, 3, length).t().cumsum(0));
      same(tolerance, () -> random(dtype, length, 35).cumsum(0));
      same(0, () -> random(dtype, 3, length).cummax(1).values());
      same(0, () -> random(dtype, length, 35).cummin(0).values());
    }
    same(tolerance, () -> random(dtype, 5, 4).cumprod(0));
    same(tolerance, () -> random(dtype, 5, 4).cumprod(1));
    same(tolerance, () -> random(dtype, 0, 4).cumprod(1));
  }

  @Test
  void runningSumsFromTheEnd() {
    for (long length : new long[] {1, 16, 300}) {
      same(
          1e-3,
          () ->
              withGradients(
                  in -> List.of(in.getFirst().cumsum(1)), random(DType.FLOAT32, 3, length)));
      same(
          1e-3,
          () ->
              withGradients(
                  in -> List.of(in.getFirst().cumsum(0)), random(DType.FLOAT32, length, 35)));
    }
  }

  // ---- joining

  @Test
  void joins() {
    same(
        0,
        () ->
            Tensor.cat(
                List.of(
                    random(DType.FLOAT32, 3, 4),
                    random(DType.FLOAT64, 2, 3).t(),
                    Tensor.zeros(0),
                    random(DType.BFLOAT16, 3, 0)),
                1));
    same(
        1e-5,
        () ->
            withGradients(
                in -> List.of(in.getFirst().slice(1, 1, 7, 2).exp(), in.getFirst().select(0, 1)),
                random(DType.FLOAT32, 3, 8)));
  }

  // ---- order

  private static Tensor ordered(Indexed<Tensor> sorted) {
    Tensor values = sorted.values().to(DType.FLOAT64);
    return Tensor.cat(List.of(values, sorted.indices().to(DType.FLOAT64)), 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "INT64", "INT32", "UINT8", "BOOL"})
  void sorts(DType dtype) {
    for (long length : new long[] {1, 16, 32, 33, 300}) {
      same(0, () -> ordered(random(dtype, 3, length).sort(1)));
      same(0, () -> ordered(random(dtype, length, 3).sort(0, Sort.Order.DESCENDING)));
    }
    same(0, () -> ordered(random(dtype, 3, 300).topk(7, 1, Sort.Order.DESCENDING)));
    same(0, () -> ordered(random(dtype, 3, 300).topk(100, 1, Sort.Order.ASCENDING)));
    same(0, () -> ordered(random(dtype, 40, 3).topk(2, 0, Sort.Order.DESCENDING)));
  }

  /// Longer than what a team sorts in its own memory.
  @Test
  void sortsLongRows() {
    same(0, () -> ordered(random(DType.FLOAT32, 2, 5000).round().sort(1)));
    same(0, () -> ordered(random(DType.FLOAT64, 2, 2049).sort(1, Sort.Order.DESCENDING)));
  }

  @Test
  void dt35EqualOnesKeepTheirOrderAndNaNIsTheLargest() {
    double[][] rows = {
      {Double.NaN, 0.0, -0.0, 1, Double.NaN, -1, 0.0},
      {1, 1, 1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1, Double.NaN},
    };
    for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16)) {
      same(0, () -> ordered(Tensor.of(rows).to(dtype).sort(1)));
      same(0, () -> ordered(Tensor.of(rows).to(dtype).sort(1, Sort.Order.DESCENDING)));
      same(0, () -> ordered(Tensor.of(rows).to(dtype).topk(3, 1, Sort.Order.DESCENDING)));
    }
  }
}
