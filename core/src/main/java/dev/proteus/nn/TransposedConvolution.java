package dev.proteus.nn;

import dev.proteus.op.ConvTransposeOptions;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
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
  private final ConvTransposeOptions options;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  TransposedConvolution(
      long in, long out, List<Integer> kernel, ConvTransposeOptions options, Bias kind) {
    this.options = options;
    Weights.perGroup(typeName(), in, options.groups());
    var shape = Weights.kernel(in, Weights.perGroup(typeName(), out, options.groups()), kernel);
    weight = parameter("weight", () -> Weights.scaledByFan(shape));
    long fan = Init.fan(shape, Init.Fan.IN);
    bias = Weights.bias(kind, out, fan).map(b -> parameter("bias", b)).orElse(null);
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
            weight.size(0),
            weight.size(1) * options.groups(),
            weight.shape().slice(2, weight.rank()),
            options.stride(),
            options.padding(),
            bias == null ? ", no bias" : "");
  }
}
