package dev.proteus.nn;

import dev.proteus.op.ConvOptions;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A convolution over one, two or three spatial axes: see [dev.proteus.op.Conv].
///
/// Parameters: `weight` `[out, in/groups, *kernel]` and `bias` `[out]`, both uniform in ±1/√fan at
/// first, where the fan is `in/groups` times the size of the kernel.
public abstract sealed class Convolution extends Layer permits Conv1d, Conv2d, Conv3d {
  private final long out;
  private final List<Integer> kernel;
  private final ConvOptions options;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  Convolution(InputSize in, long out, List<Integer> kernel, ConvOptions options, Bias kind) {
    this.out = out;
    this.kernel = List.copyOf(kernel);
    this.options = options;
    Weights.perGroup(typeName(), out, options.groups());
    weight = in.parameter(this, "weight", n -> Weights.scaledByFan(shape(n)));
    bias =
        switch (kind) {
          case LEARNED ->
              in.parameter(this, "bias", n -> Weights.bias(out, Init.fan(shape(n), Init.Fan.IN)));
          case NONE -> null;
        };
  }

  private Shape shape(long in) {
    return Weights.kernel(out, Weights.perGroup(typeName(), in, options.groups()), kernel);
  }

  public final Parameter weight() {
    return weight;
  }

  public final Optional<Parameter> bias() {
    return Optional.ofNullable(bias);
  }

  @Override
  protected final Tensor compute(Tensor input) {
    return bias == null ? convolve(input, weight, options) : convolve(input, weight, bias, options);
  }

  abstract Tensor convolve(Tensor input, Tensor weight, ConvOptions options);

  abstract Tensor convolve(Tensor input, Tensor weight, Tensor bias, ConvOptions options);

  @Override
  protected final String details() {
    return "in=%s, out=%s, kernel=%s, stride=%s, padding=%s%s"
        .formatted(
            InputSize.text(weight, 1, options.groups()),
            out,
            kernel,
            options.stride(),
            options.padding(),
            bias == null ? ", no bias" : "");
  }
}
