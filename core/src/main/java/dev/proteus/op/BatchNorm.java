package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Channels brought to mean 0 and variance 1 over the batch, then scaled: batch normalisation in
/// training.
///
/// Operands: x `[N, C, *]`, optionally weight `[C]`, optionally bias `[C]`, of one floating type.
/// Results: y like x, and the batch's mean and variance of the population, `[C]`. One value per
/// channel has no variance: an `IllegalArgumentException` (rule 8.9). In inference the statistics
/// are known and a map does it; see `NnOps.batchNorm` (Ioffe, Szegedy, "Batch normalization",
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
          "batchNorm: x is "
              + x.shape()
              + ", one value per channel; training needs at least two to have a variance");
    }
    return List.of(x, x.withShape(channels), x.withShape(channels));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return new Saved(3, 6);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Arrays.asList(null, null);
  }
}
