package dev.proteus.examples;

import dev.proteus.nn.Layer;
import dev.proteus.optim.Optimizer;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// The training loop: epochs of steps, each in a memory scope of its own.
///
/// What an epoch does depends on the weights, the optimizer, the seed and the epoch's number alone,
/// so a training that was interrupted after an epoch goes on as if it had not been.
final class Training {
  private static final int TEST_BATCH = 500;

  private final Layer model;
  private final Optimizer<?> optimizer;
  private final Digits.Split digits;
  private final int batch;
  private final PrintWriter out;
  private final LossCurve curve = new LossCurve();

  Training(Layer model, Optimizer<?> optimizer, Digits.Split digits, int batch, PrintWriter out) {
    this.model = model;
    this.optimizer = optimizer;
    this.digits = digits;
    this.batch = batch;
    this.out = out;
  }

  /// One pass over the training images, the `epoch`th of `last`: prints loss, accuracy and speed.
  void epoch(int epoch, int last, long seed) {
    String name = "epoch %d/%d".formatted(epoch, last);
    long start = System.nanoTime();
    double loss = pass(name, seed + epoch);
    double seconds = (System.nanoTime() - start) / 1e9;
    out.println(
        String.format(
            Locale.ROOT,
            "%s  loss %.4f  accuracy %.4f  %.0f images/s",
            name,
            loss,
            accuracy(),
            digits.training().count() / seconds));
    out.flush();
  }

  /// The mean loss over the training images in the order that `seed` decides.
  private double pass(String name, long seed) {
    Digits training = digits.training();
    int steps = (training.count() + batch - 1) / batch;
    double sum = 0;
    model.train();
    Tensor order = training.shuffled(seed);
    long start = System.nanoTime();
    try (ProgressBar bar = bar(name, training.count())) {
      for (int step = 0; step < steps; step++) {
        int from = step * batch;
        int to = Math.min(from + batch, training.count());
        double loss = step(order, from, to);
        curve.add(loss);
        sum += loss;
        double rate = to / ((System.nanoTime() - start) / 1e9);
        bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f  %.0f images/s", loss, rate));
        bar.stepTo(to);
      }
    }
    return sum / steps;
  }

  private static ProgressBar bar(String name, int images) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(images)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(100)
        .setMaxRenderedLength(100)
        .hideEta()
        .clearDisplayOnFinish()
        .build();
  }

  /// One step on the training images `order[from]` to `order[to]`, exclusive; their loss before it.
  double step(Tensor order, int from, int to) {
    return Scope.memory(() -> {
      Digits.Batch images = digits.training().batch(order, from, to);
      optimizer.zeroGrad();
      Tensor loss = model.forward(images.images()).crossEntropy(images.labels());
      loss.backward();
      optimizer.step();
      return loss.item();
    });
  }

  /// The share of test images recognised.
  double accuracy() {
    return accuracy(model, digits.test());
  }

  /// The share of `test` that `model` recognises.
  static double accuracy(Layer model, Digits test) {
    model.eval();
    long right = 0;
    for (int from = 0; from < test.count(); from += TEST_BATCH) {
      Digits.Batch images = test.slice(from, Math.min(from + TEST_BATCH, test.count()));
      right += Scope.noGrad(() -> Scope.memory(() -> correct(model, images)));
    }
    return right / (double) test.count();
  }

  private static long correct(Layer model, Digits.Batch images) {
    Tensor guessed = model.forward(images.images()).argmax(1);
    return guessed.eq(images.labels()).sum().itemLong();
  }

  /// The losses of all steps so far.
  LossCurve curve() {
    return curve;
  }
}
