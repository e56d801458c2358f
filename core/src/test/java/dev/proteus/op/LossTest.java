package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.reference.OnReference;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Losses.
@ExtendWith(OnReference.class)
class LossTest {
  private static final CrossEntropy EACH = CrossEntropy.MEAN.withReduction(Reduction.NONE);

  private static Tensor line(double... values) {
    return GradientCheck.inFloat64(() -> Tensor.of(values));
  }

  private static void check(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 1e-7);
  }

  @Test
  @DisplayName("8.9: cross entropy of a class, an ignored one, one out of range, and probabilities")
  void crossEntropy() {
    Tensor x = line(1, 2, 3);
    check(x.crossEntropy(Tensor.of(2L).squeeze()), 0.4076060);
    Tensor rows = x.unsqueeze(0);
    check(rows.crossEntropy(Tensor.of(-100L)), Double.NaN);
    check(rows.crossEntropy(Tensor.of(-100L), EACH), 0);
    assertThrows(TensorIndexException.class, () -> rows.crossEntropy(Tensor.of(3L)));
    assertThrows(TensorIndexException.class, () -> rows.crossEntropy(Tensor.of(-1L)));
    check(x.crossEntropy(line(0, 0, 1)), 0.4076060);
  }

  @Test
  @DisplayName("8.9: where all classes are ignored nothing flows back")
  void gradientOfIgnoredClasses() {
    Tensor x = Tensor.zeros(1, 3).requiresGrad_(true);
    x.crossEntropy(Tensor.of(-100L)).backward();
    x.nllLoss(Tensor.of(-100L)).backward();
    check(x.grad().orElseThrow(), 0, 0, 0);
  }

  @Test
  @DisplayName("5.1: cross entropy of (N, C, *) is a scalar or (N, *); weights and ignored count")
  void crossEntropyShapes() {
    Tensor x = Tensor.of(GradientCheck.values(1, 2, 3, 2), 2, 3, 2);
    Tensor target = Tensor.of(new long[] {0, 2, 1, 7}, 2, 2);
    CrossEntropy each = EACH.withIgnoreIndex(7);
    assertEquals(Shape.of(2, 2), x.crossEntropy(target, each).shape());
    Tensor weight = Tensor.of(1.0, 2, 3);
    double[] losses = x.crossEntropy(target, weight, each).toDoubleArray();
    double mean = (losses[0] + losses[1] + losses[2]) / (1 + 3 + 2);
    CrossEntropy whole = each.withReduction(Reduction.MEAN);
    assertEquals(mean, x.crossEntropy(target, weight, whole).item(), 1e-6);
    assertEquals(0, losses[3]);
    assertThrows(ShapeException.class, () -> x.crossEntropy(target.select(0, 0)));
    assertThrows(DTypeException.class, () -> x.crossEntropy(target.to(DType.INT32)));
  }

  @Test
  void labelSmoothingMixesInAllClasses() {
    Tensor x = line(1, 2, 3).unsqueeze(0);
    Tensor smooth = line(0.1, 0.1, 0.8).unsqueeze(0);
    CrossEntropy loss = CrossEntropy.MEAN.withLabelSmoothing(0.3);
    assertEquals(x.crossEntropy(smooth).item(), x.crossEntropy(Tensor.of(2L), loss).item(), 1e-12);
    assertEquals(
        x.crossEntropy(smooth).item(),
        x.crossEntropy(line(0, 0, 1).unsqueeze(0), loss).item(),
        1e-12);
    assertThrows(IllegalArgumentException.class, () -> loss.withLabelSmoothing(1.5));
    assertThrows(
        IllegalArgumentException.class,
        () -> x.crossEntropy(smooth, CrossEntropy.MEAN.withIgnoreIndex(1)));
  }

  @Test
  void negativeLogLikelihood() {
    Tensor logs = line(-1, -2, -3, -4).reshape(2, 2);
    check(logs.nllLoss(Tensor.of(1, 0)), 2.5);
    check(logs.nllLoss(Tensor.of(1, 0), new NllLoss(0, Reduction.SUM)), 2);
    check(logs.select(0, 0).nllLoss(Tensor.of(1L).squeeze()), 2);
  }

  @Test
  @DisplayName("8.9: a wrong certainty costs 100, and its gradient is finite")
  void binaryCrossEntropy() {
    Tensor x = line(0, 1, 0.5).requiresGrad_(true);
    Tensor losses = x.binaryCrossEntropy(line(1, 1, 1), Reduction.NONE);
    check(losses, 100, 0, Math.log(2));
    losses.backward(line(1, 1, 1));
    check(x.grad().orElseThrow(), -1e12, 0, -2);
    check(
        line(0, 800).binaryCrossEntropyWithLogits(line(1, 0), line(3), Reduction.NONE),
        3 * Math.log(2),
        800);
  }

  @Test
  void differences() {
    Tensor x = line(1, 5);
    Tensor y = line(2, 2);
    check(x.mseLoss(y), 5);
    check(x.mseLoss(y, Reduction.SUM), 10);
    check(x.mseLoss(y, Reduction.NONE), 1, 9);
    check(x.l1Loss(y), 2);
    check(x.smoothL1Loss(y, 2, Reduction.NONE), 0.25, 2);
    check(x.huberLoss(y, 2, Reduction.NONE), 0.5, 4);
    check(x.mseLoss(line(2)), 5);
    assertThrows(IllegalArgumentException.class, () -> x.huberLoss(y, 0, Reduction.SUM));
  }

  @Test
  void distributions() {
    Tensor x = line(Math.log(0.25), Math.log(0.75));
    double divergence = 0.5 * Math.log(2) + 0.5 * Math.log(0.5 / 0.75);
    check(x.klDivLoss(line(0.5, 0.5), Scale.LINEAR, Reduction.SUM), divergence);
    check(x.klDivLoss(line(0.5, 0.5).log(), Scale.LOG, Reduction.SUM), divergence);
    check(x.klDivLoss(line(0, 1), Scale.LINEAR, Reduction.NONE), 0, -Math.log(0.75));
    Tensor one = line(1);
    check(
        one.gaussianNllLoss(line(3), line(4), 1e-6, Constants.INCLUDED, Reduction.SUM),
        0.5 * (Math.log(4) + 1 + Math.log(2 * Math.PI)));
    check(
        line(2).poissonNllLoss(line(3), Scale.LINEAR, 0, Constants.LEFT_OUT, Reduction.SUM),
        2 - 3 * Math.log(2));
    check(
        line(0, 0).poissonNllLoss(line(1, 2), Scale.LOG, 0, Constants.INCLUDED, Reduction.NONE),
        1,
        1 + 2 * Math.log(2) - 2 + 0.5 * Math.log(4 * Math.PI));
  }

  @Test
  void margins() {
    Tensor sign = line(1, -1);
    check(line(0.3, 0.3).hingeEmbeddingLoss(sign, 1, Reduction.NONE), 0.3, 0.7);
    check(line(1, 1).marginRankingLoss(line(2, 3), sign, 0.5, Reduction.NONE), 1.5, 0);
    check(line(0, 1).softMarginLoss(sign, Reduction.NONE), Math.log(2), Math.log1p(Math.E));
    Tensor scores = line(0.1, 0.2, 0.4, 0.8);
    check(
        scores.multiMarginLoss(Tensor.of(3L).squeeze(0), 1, 1, Reduction.MEAN),
        ((1 - 0.8 + 0.1) + (1 - 0.8 + 0.2) + (1 - 0.8 + 0.4)) / 4);
    check(line(0, 0).multilabelSoftMarginLoss(line(0, 1), Reduction.MEAN), Math.log(2));
    Tensor a = line(1, 0, 1, 0).reshape(2, 2);
    Tensor b = line(1, 1, 1, 1).reshape(2, 2);
    double cosine = Math.sqrt(0.5);
    check(a.cosineEmbeddingLoss(b, sign, 0.2, Reduction.NONE), 1 - cosine, cosine - 0.2);
    check(
        a.tripletMarginLoss(b, b.mul(2), 2, 2, 0, Reduction.NONE),
        3 - Math.sqrt(5),
        3 - Math.sqrt(5));
    assertThrows(ShapeException.class, () -> a.cosineEmbeddingLoss(b, b, 0.2, Reduction.NONE));
  }

  @Test
  void gradientsOfCrossEntropy() {
    Tensor target = Tensor.of(new long[] {0, 2, 1, 7}, 2, 2);
    Tensor weight = line(0.5, 2, 1);
    for (Reduction reduction : Reduction.values()) {
      CrossEntropy loss = new CrossEntropy(7, 0.2, reduction);
      new GradientCheck(x -> x.get(0).crossEntropy(target, weight, loss)).with(2, 3, 2).check();
      CrossEntropy plain = new CrossEntropy(7, 0, reduction);
      new GradientCheck(x -> x.get(0).crossEntropy(target, plain)).with(2, 3, 2).check();
    }
    new GradientCheck(x -> x.get(0).crossEntropy(x.get(1).softmax(1)))
        .with(2, 3)
        .with(2, 3)
        .check();
    new GradientCheck(x -> x.get(0).nllLoss(target, weight, new NllLoss(7, Reduction.MEAN)))
        .with(2, 3, 2)
        .check();
  }

  @Test
  void gradients() {
    List<BiFunction<Tensor, Tensor, Tensor>> losses =
        List.of(
            (x, y) -> x.mseLoss(y),
            (x, y) -> x.smoothL1Loss(y, 1, Reduction.MEAN),
            (x, y) -> x.huberLoss(y, 1, Reduction.MEAN),
            (x, y) -> x.sigmoid().binaryCrossEntropy(y.sigmoid()),
            (x, y) -> x.binaryCrossEntropyWithLogits(y),
            (x, y) -> x.klDivLoss(y, Scale.LOG, Reduction.SUM),
            (x, y) -> x.cosineEmbeddingLoss(y, Tensor.of(1, -1), -1, Reduction.NONE));
    for (BiFunction<Tensor, Tensor, Tensor> loss : losses) {
      new GradientCheck(x -> loss.apply(x.get(0), x.get(1))).with(2, 3).with(2, 3).check();
    }
  }
}
