package dev.proteus.examples;

import dev.proteus.nn.Layer;
import dev.proteus.optim.Optimizer;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// The training loop: epochs of steps, each in a memory scope of its own.
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

  /// Trains, printing loss, accuracy and speed of each epoch.
  void run(int epochs, long seed) {
    for (int epoch = 1; epoch <= epochs; epoch++) {
      long start = System.nanoTime();
      double loss = epoch(epoch, epochs, seed + epoch);
      double seconds = (System.nanoTime() - start) / 1e9;
      out.println(
          String.format(
              Locale.ROOT,
              "epoch %d/%d  loss %.4f  accuracy %.4f  %.0f images/s",
              epoch,
              epochs,
              loss,
              accuracy(),
              digits.training().count() / seconds));
      out.flush();
    }
  }

  /// One pass over the training images; the mean loss.
  private double epoch(int epoch, int epochs, long seed) {
    Digits training = digits.training();
    int steps = (training.count() + batch - 1) / batch;
    double sum = 0;
    model.train();
    Tensor order = training.shuffled(seed);
    try (ProgressBar bar = bar("epoch " + epoch + "/" + epochs, training.count())) {
      for (int step = 0; step < steps; step++) {
        int from = step * batch;
        int to = Math.min(from + batch, training.count());
        double loss = step(training.batch(order, from, to));
        curve.add(loss);
        sum += loss;
        bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4f", loss));
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
        .setUnit(" images", 1)
        .showSpeed()
        .clearDisplayOnFinish()
        .build();
  }

  /// One step on some images; their loss before it.
  private double step(Digits.Batch images) {
    return Scope.memory(() -> {
      optimizer.zeroGrad();
      Tensor loss = model.forward(images.images()).crossEntropy(images.labels());
      loss.backward();
      optimizer.step();
      return loss.item();
    });
  }

  /// The share of test images recognised.
  double accuracy() {
    Digits test = digits.test();
    model.eval();
    long right = 0;
    for (int from = 0; from < test.count(); from += TEST_BATCH) {
      Digits.Batch images = test.slice(from, Math.min(from + TEST_BATCH, test.count()));
      right += Scope.noGrad(() -> Scope.memory(() -> correct(images)));
    }
    return right / (double) test.count();
  }

  private long correct(Digits.Batch images) {
    Tensor guessed = model.forward(images.images()).argmax(1);
    return guessed.eq(images.labels()).sum().itemLong();
  }

  /// Writes the loss curve and the weights.
  void save(Path folder) {
    Path picture = folder.resolve("mnist-loss.png");
    Path weights = folder.resolve("mnist.safetensors");
    try {
      curve.save(picture);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    model.stateDict().save(weights);
    out.println("wrote " + picture + " and " + weights);
  }
}
