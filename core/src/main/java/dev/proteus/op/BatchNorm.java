package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Channels brought to mean 0 and variance 1 over the batch, then scaled: batch normalisation in
/// training.
///
/// Operands: x `[N, C, *]`, optionally weight `[C]`, optionally bias `[C]`, of one floating type.
/// Results: y like x, and the batch's mean and variance of the population, `[C]` in x's
/// accumulation type. One value per channel has no variance: an `IllegalArgumentException` (rule
/// 8.9). In inference the statistics are known and a map does it: see
/// [NnOps#batchNormInference(TensorOps, TensorOps, double)] (Ioffe, Szegedy, "Batch normalization",
/// 2015).
///
/// @param eps what is added to the variance
public record BatchNorm(double eps) implements Composite, Differentiable {
  @Override
  public String name() {
    return "batchNorm";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    TensorSpec x = inputs.getFirst();
    Operands.atLeast(name(), "x", x.shape(), 2);
    Shape channels = Shape.of(x.shape().size(1));
    for (int i = 1; i < inputs.size(); i++) {
      Operands.shape(name(), i == 1 ? "weight" : "bias", inputs.get(i).shape(), channels);
    }
    if (x.numel() == x.shape().size(1)) {
      throw new IllegalArgumentException(
          "batchNorm: x is %s, one value per channel; training needs at least two to have a variance"
              .formatted(x.shape()));
    }
    return List.of(x, statistic(x), statistic(x));
  }

  /// The spec of a statistic of each channel.
  static TensorSpec statistic(TensorSpec x) {
    return new TensorSpec(Shape.of(x.shape().size(1)), x.dtype().accumulator(), x.device());
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T x = inputs.getFirst();
    Shape shape = x.spec().shape();
    int[] others = others(shape);
    T mean = x.mean(Keep.AXES, others);
    T centred = x.sub(mean);
    T variance = Folding.sumOfProducts(centred, centred, others).mul(share(shape));
    T scale = variance.add(eps).rsqrt();
    T result = centred.mul(inputs.size() > 1 ? scale.mul(channels(inputs.get(1), shape)) : scale);
    if (inputs.size() > 2) {
      result = result.add(channels(inputs.get(2), shape));
    }
    return List.of(result, mean.flatten(), variance.flatten());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return new Saved(3, 6);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    List<T> operands = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      operands.add(g.grad(i));
    }
    operands.addAll(List.of(g.input(0), g.output(1), g.output(2)));
    if (g.inputs() > 1) {
      operands.add(g.input(1));
    }
    List<T> grads = g.grad(0).apply(new BatchNormBackward(eps), operands);
    return Collections.unmodifiableList(grads.subList(0, g.inputs()));
  }

  /// All axes but the channels'.
  static int[] others(Shape x) {
    return IntStream.range(0, x.rank()).filter(axis -> axis != 1).toArray();
  }

  /// What one element contributes to the mean of its channel.
  static double share(Shape x) {
    return (double) x.size(1) / x.numel();
  }

  /// A value per channel, aligned with `[N, C, *]`.
  static <T extends TensorOps<T>> T channels(T each, Shape x) {
    long[] sizes = new long[x.rank() - 1];
    Arrays.fill(sizes, 1);
    sizes[0] = x.size(1);
    return each.reshape(Shape.of(sizes));
  }
}
