package dev.proteus.nn;

import dev.proteus.op.ConvTransposeOptions;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A transposed convolution over one, two or three spatial axes: see
/// [dev.proteus.op.ConvTranspose].
///
/// Parameters: `weight` `[in, out/groups, *kernel]` and `bias` `[out]`, both uniform in ±1/√fan at
/// first, where the fan is `out/groups` times the size of the kernel.
public abstract sealed class TransposedConvolution extends Layer
    permits ConvTranspose1d, ConvTranspose2d, ConvTranspose3d {
  private final long out;
  private final List<Integer> kernel;
  private final ConvTransposeOptions options;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  TransposedConvolution(
      InputSize in, long out, List<Integer> kernel, ConvTransposeOptions options, Bias kind) {
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
    Weights.perGroup(typeName(), in, options.groups());
    return Weights.kernel(in, out / options.groups(), kernel);
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

  abstract Tensor convolve(Tensor input, Tensor weight, ConvTransposeOptions options);

  abstract Tensor convolve(Tensor input, Tensor weight, Tensor bias, ConvTransposeOptions options);

  @Override
  protected final String details() {
    return "in=%s, out=%s, kernel=%s, stride=%s, padding=%s%s"
        .formatted(
            InputSize.text(weight, 0, 1),
            out,
            kernel,
            options.stride(),
            options.padding(),
            bias == null ? ", no bias" : "");
  }
}
