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
  private final long out;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  public Linear(long in, long out) {
    this(in, out, Bias.LEARNED);
  }

  public Linear(long in, long out, Bias kind) {
    this(new InputSize.Known(in), out, kind);
  }

  private Linear(InputSize in, long out, Bias kind) {
    this.out = out;
    weight = in.parameter(this, "weight", n -> Weights.scaledByFan(Shape.of(out, n)));
    bias =
        switch (kind) {
          case LEARNED -> in.parameter(this, "bias", n -> Weights.bias(out, n));
          case NONE -> null;
        };
  }

  /// A layer that takes `in` from its first input (rule SD-61): what PyTorch calls LazyLinear.
  public static Linear lazy(long out) {
    return lazy(out, Bias.LEARNED);
  }

  /// As [#lazy(long)], with or without a bias.
  public static Linear lazy(long out, Bias kind) {
    return new Linear(new InputSize.OfFirstInput(-1, 1, Integer.MAX_VALUE), out, kind);
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
        .formatted(InputSize.text(weight, 1, 1), out, bias == null ? ", no bias" : "");
  }
}
