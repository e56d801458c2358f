package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The likelihood of labels without an alignment, against the sum over all alignments.
class CtcLossTest {
  private static final int STEPS = 4;
  private static final int CLASSES = 3;
  private static final int BLANK = 0;

  private static Tensor logits() {
    return Tensor.of(
        new double[] {0.3, -1, 2, 0.1, 0.5, -0.7, 1.2, 0, -0.4, -1.5, 0.8, 0.6}, STEPS, 1, CLASSES);
  }

  /// What a path of classes says: repetitions as one, blanks as none.
  private static List<Integer> read(int path, int steps) {
    List<Integer> labels = new ArrayList<>();
    int before = BLANK;
    for (int t = 0; t < steps; t++) {
      int label = path / (int) Math.pow(CLASSES, t) % CLASSES;
      if (label != BLANK && label != before) {
        labels.add(label);
      }
      before = label;
    }
    return labels;
  }

  private static double byPaths(Tensor logits, List<Integer> labels, int steps) {
    double[] shares = logits.softmax(2).toDoubleArray();
    double sum = 0;
    for (int path = 0; path < Math.pow(CLASSES, steps); path++) {
      if (read(path, steps).equals(labels)) {
        double product = 1;
        for (int t = 0; t < steps; t++) {
          product *= shares[t * CLASSES + path / (int) Math.pow(CLASSES, t) % CLASSES];
        }
        sum += product;
      }
    }
    return -Math.log(sum);
  }

  private static Tensor loss(Tensor logits, long[] labels, long steps, long count) {
    return logits
        .logSoftmax(2)
        .ctcLoss(
            Tensor.of(labels, 1, labels.length),
            Tensor.of(steps),
            Tensor.of(count),
            BLANK,
            Reduction.NONE);
  }

  @Test
  void sumsOverAlignments() {
    Tensor x = logits();
    assertEquals(byPaths(x, List.of(1, 2), 4), loss(x, new long[] {1, 2}, 4, 2).item(), 1e-5);
    assertEquals(byPaths(x, List.of(1, 1), 4), loss(x, new long[] {1, 1}, 4, 2).item(), 1e-5);
    assertEquals(byPaths(x, List.of(2), 4), loss(x, new long[] {2, 1}, 4, 1).item(), 1e-5);
    assertEquals(byPaths(x, List.of(2, 1), 3), loss(x, new long[] {2, 1}, 3, 2).item(), 1e-5);
    assertEquals(byPaths(x, List.of(), 4), loss(x, new long[] {1}, 4, 0).item(), 1e-5);
  }

  @Test
  void tooFewSteps() {
    assertEquals(Double.POSITIVE_INFINITY, loss(logits(), new long[] {1, 1}, 2, 2).item());
  }

  @Test
  void meanIsByLabels() {
    Tensor x = logits().expand(STEPS, 2, CLASSES).logSoftmax(2);
    Tensor labels = Tensor.of(new long[][] {{1, 2}, {2, 1}});
    Tensor counts = Tensor.of(2L, 1L);
    Tensor each = x.ctcLoss(labels, Tensor.of(4L, 4L), counts, BLANK, Reduction.NONE);
    Tensor mean = x.ctcLoss(labels, Tensor.of(4L, 4L), counts, BLANK, Reduction.MEAN);
    assertEquals((each.select(0, 0).item() / 2 + each.select(0, 1).item()) / 2, mean.item(), 1e-6);
  }

  @Test
  void gradientsAreFinite() {
    Tensor x = logits().requiresGrad_(true);
    loss(x, new long[] {1, 2}, 4, 2).sum().backward();
    Tensor grad = x.grad().orElseThrow();
    assertEquals(true, grad.isfinite().all().itemBoolean());
    Expect.close(Tensor.zeros(STEPS, 1), grad.sum(2), 1e-5);
  }

  @Test
  void errors() {
    Tensor x = logits().logSoftmax(2);
    Tensor labels = Tensor.of(new long[][] {{1, 2}});
    Expect.error(
        ShapeException.class,
        () -> x.ctcLoss(labels, Tensor.of(4L, 4L), Tensor.of(2L), 0, Reduction.SUM),
        "ctcLoss",
        "number of steps");
    Expect.error(
        DTypeException.class,
        () -> x.ctcLoss(labels.mul(1.0), Tensor.of(4L), Tensor.of(2L), 0, Reduction.SUM),
        "ctcLoss",
        "int64");
    Expect.error(
        IndexOutOfBoundsException.class,
        () -> x.ctcLoss(labels, Tensor.of(4L), Tensor.of(2L), 3, Reduction.SUM),
        "ctcLoss",
        "index 3");
  }
}
