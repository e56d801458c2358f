package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.reference.OnReference;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Softmax and normalisation.
@ExtendWith(OnReference.class)
class NormTest {
  private static final double EPS = 1e-5;

  private static Tensor line(double... values) {
    return GradientCheck.inFloat64(() -> Tensor.of(values));
  }

  private static void check(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 1e-7);
  }

  @Test
  @DisplayName("8.9: softmax of nothing but -inf is NaN; large values do not overflow")
  void softmaxExtremes() {
    double none = Double.NEGATIVE_INFINITY;
    check(line(none, none).softmax(0), Double.NaN, Double.NaN);
    check(line(1000, 1000, none).softmax(-1), 0.5, 0.5, 0);
    check(line(1000, 1000).logSoftmax(0), -Math.log(2), -Math.log(2));
  }

  @Test
  @DisplayName("5.1: softmax keeps its shape, empty and 0-dim too")
  void softmaxShapes() {
    assertEquals(Shape.of(2, 0), Tensor.zeros(2, 0).softmax(1).shape());
    check(Tensor.scalar(3).softmax(0), 1);
    check(Tensor.scalar(3).logSoftmax(-1), 0);
    assertThrows(DTypeException.class, () -> Tensor.of(1, 2).softmax(0));
  }

  @Test
  @DisplayName("DT-24: halves are normalised in float32 and rounded once")
  void halves() {
    Tensor x = Tensor.of(GradientCheck.values(0, 2, 33), 2, 33).to(DType.BFLOAT16);
    Tensor wide = x.to(DType.FLOAT32);
    Tensor weight = Tensor.ones(33).mul(1.5);
    Tensor half = weight.to(DType.BFLOAT16);
    List<List<Tensor>> pairs =
        List.of(
            List.of(x.softmax(1), wide.softmax(1)),
            List.of(x.logSoftmax(1), wide.logSoftmax(1)),
            List.of(x.layerNorm(half, half, EPS), wide.layerNorm(weight, weight, EPS)),
            List.of(x.rmsNorm(half, EPS), wide.rmsNorm(weight, EPS)),
            List.of(x.batchNorm(EPS).output(), wide.batchNorm(EPS).output()),
            List.of(x.groupNorm(3, EPS), wide.groupNorm(3, EPS)));
    for (List<Tensor> pair : pairs) {
      assertEquals(DType.BFLOAT16, pair.get(0).dtype());
      assertArrayEquals(
          pair.get(1).to(DType.BFLOAT16).toDoubleArray(), pair.get(0).toDoubleArray());
    }
  }

  @Test
  @DisplayName("5.1: layer norm over the last axes, scaled and moved")
  void layerNorm() {
    Tensor x = line(1, 2, 3, 4).reshape(2, 2);
    check(x.layerNorm(1, 0), -1, 1, -1, 1);
    check(x.layerNorm(line(2, 3), line(1, 0), 0), -1, 3, -1, 3);
    double unit = 1 / Math.sqrt(1.25);
    check(x.layerNorm(2, 0), -1.5 * unit, -0.5 * unit, 0.5 * unit, 1.5 * unit);
    assertThrows(ShapeException.class, () -> x.layerNorm(line(1, 2, 3), EPS));
  }

  @Test
  void rmsNorm() {
    check(line(3, 4).rmsNorm(line(1, 2), 0), 3 / Math.sqrt(12.5), 8 / Math.sqrt(12.5));
  }

  @Test
  @DisplayName("8.9: batch norm in training gives the batch's statistics, needs two values each")
  void batchNorm() {
    Tensor x = line(1, 10, 3, 30).reshape(2, 2);
    BatchStatistics<Tensor> result = x.batchNorm(0);
    check(result.output(), -1, -1, 1, 1);
    check(result.mean(), 2, 20);
    check(result.var(), 1, 100);
    assertThrows(IllegalArgumentException.class, () -> line(1, 2).reshape(1, 2).batchNorm(EPS));
    check(x.batchNormInference(line(1, 10), line(4, 100), line(2, 1), line(0, 5), 0), 0, 5, 2, 7);
    assertThrows(ShapeException.class, () -> x.batchNormInference(line(1), line(1), EPS));
  }

  @Test
  @DisplayName("DT-24: statistics of halves are float32, and known ones scale in float32")
  void batchNormOfHalves() {
    Tensor x = line(1, 1001, 3, 1005).reshape(2, 2).to(DType.FLOAT16);
    BatchStatistics<Tensor> result = x.batchNorm(0);
    check(result.mean(), 2, 1003);
    assertEquals(DType.FLOAT32, result.var().dtype());
    Tensor third = line(1 / 3.0, 1 / 3.0).to(DType.FLOAT16);
    Tensor known = x.batchNormInference(third, third, third, third, EPS);
    Tensor wide = third.to(DType.FLOAT32);
    assertArrayEquals(
        x.to(DType.FLOAT32)
            .batchNormInference(wide, wide, wide, wide, EPS)
            .to(DType.FLOAT16)
            .toDoubleArray(),
        known.toDoubleArray());
    Tensor leaf = x.clone().requiresGrad_(true);
    leaf.batchNorm(0).output().backward(x);
    assertEquals(DType.FLOAT16, leaf.grad().orElseThrow().dtype());
  }

  @Test
  @DisplayName("5.1: groups must divide the channels")
  void groupNorm() {
    Tensor x = line(1, 3, 2, 6).reshape(1, 4);
    check(x.groupNorm(2, 0), -1, 1, -1, 1);
    check(x.reshape(1, 2, 2).instanceNorm(0), -1, 1, -1, 1);
    assertThrows(ShapeException.class, () -> x.groupNorm(3, EPS));
  }

  @Test
  void errorsAreTheSameWhereADefinitionIsRecorded() {
    Tensor x = line(1, 3, 2, 6).reshape(1, 4);
    String plain = assertThrows(ShapeException.class, () -> x.groupNorm(3, EPS)).getMessage();
    Tensor leaf = x.clone().requiresGrad_(true);
    assertEquals(
        plain, assertThrows(ShapeException.class, () -> leaf.groupNorm(3, EPS)).getMessage());
  }

  @Test
  void gradients() {
    new GradientCheck(x -> x.get(0).softmax(1)).with(2, 3, 2).check();
    new GradientCheck(x -> x.get(0).logSoftmax(-1)).with(2, 3).check();
    new GradientCheck(x -> x.get(0).layerNorm(x.get(1), x.get(2), EPS))
        .with(2, 2, 3)
        .with(2, 3)
        .with(2, 3)
        .check();
    new GradientCheck(x -> x.get(0).layerNorm(1, EPS)).with(2, 3).check();
    new GradientCheck(x -> x.get(0).rmsNorm(x.get(1), EPS)).with(2, 3).with(3).check();
    new GradientCheck(x -> x.get(0).groupNorm(2, x.get(1), x.get(2), EPS))
        .with(2, 4, 2)
        .with(4)
        .with(4)
        .check();
  }

  @Test
  void gradientsOfBatchNorm() {
    new GradientCheck(x -> x.get(0).batchNorm(x.get(1), x.get(2), EPS).output())
        .with(3, 2, 2)
        .with(2)
        .with(2)
        .check();
    new GradientCheck(x -> statistics(x.get(0).batchNorm(EPS))).with(3, 2, 2).check();
  }

  /// All three results, so that gradients of the statistics count.
  private static Tensor statistics(BatchStatistics<Tensor> batch) {
    Tensor both = batch.mean().mul(batch.var());
    return batch.output().add(both.reshape(1, 2, 1));
  }
}
