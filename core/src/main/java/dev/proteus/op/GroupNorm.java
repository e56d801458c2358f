package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Groups of channels brought to mean 0 and variance 1 within each sample, then scaled by channel.
///
/// Operands: x `[N, C, *]`, optionally weight `[C]`, optionally bias `[C]`, of one floating type.
/// As many groups as channels is instance normalisation (Wu, He, "Group normalization", 2018).
///
/// @param groups a divisor of C
/// @param eps what is added to the variance
public record GroupNorm(int groups, double eps) implements Composite {
  @Override
  public String name() {
    return "groupNorm";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    Shape x = inputs.getFirst().shape();
    Operands.atLeast(name(), "x", x, 2);
    if (groups < 1 || x.size(1) % groups != 0) {
      throw new ShapeException(
          "groupNorm: x is %s with %s channels, groups %s; channels must be a multiple of groups"
              .formatted(x, x.size(1), groups));
    }
    for (int i = 1; i < inputs.size(); i++) {
      Operands.shape(
          name(), i == 1 ? "weight" : "bias", inputs.get(i).shape(), Shape.of(x.size(1)));
    }
    return List.of(inputs.getFirst());
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T x = inputs.getFirst();
    Shape shape = x.spec().shape();
    long rest = shape.slice(1, shape.rank()).numel() / groups;
    T rows = x.reshape(Shape.of(shape.size(0), groups, rest));
    T result = x.call(new LayerNorm(1, eps), List.of(rows)).reshape(shape);
    if (inputs.size() > 1) {
      result = result.mul(BatchNorm.channels(inputs.get(1), shape));
    }
    if (inputs.size() > 2) {
      result = result.add(BatchNorm.channels(inputs.get(2), shape));
    }
    return List.of(result);
  }
}
