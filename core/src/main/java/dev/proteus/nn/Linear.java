package dev.proteus.nn;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The affine map of the last axis, `x·wᵀ + bias`, from `[*, in]` to `[*, out]`.
///
/// Parameters: `weight` `[out, in]` and `bias` `[out]`, both uniform in ±1/√in at first.
public final class Linear extends Layer {
  private final Parameter weight;
  private final @Nullable Parameter bias;

  public Linear(long in, long out) {
    this(in, out, Bias.LEARNED);
  }

  public Linear(long in, long out, Bias kind) {
    weight = parameter("weight", () -> Weights.scaledByFan(Shape.of(out, in)));
    bias = Weights.bias(kind, out, in).map(b -> parameter("bias", b)).orElse(null);
  }

  public Parameter weight() {
    return weight;
  }

  public Optional<Parameter> bias() {
    return Optional.ofNullable(bias);
  }

  @Override
  protected Tensor compute(Tensor input) {
    return bias == null ? input.linear(weight) : input.linear(weight, bias);
  }

  @Override
  protected String details() {
    return "in=%s, out=%s%s"
        .formatted(weight.size(1), weight.size(0), bias == null ? ", no bias" : "");
  }
}
