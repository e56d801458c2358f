package dev.proteus.nn;

import dev.proteus.op.ConvTransposeOptions;
import dev.proteus.tensor.Tensor;
import java.util.List;

/// The transposed convolution of `[N, in, L]`, with or without the batch's axis.
public final class ConvTranspose1d extends TransposedConvolution {
  /// With stride 1 and without padding.
  public ConvTranspose1d(long in, long out, int kernel) {
    this(in, out, kernel, ConvTransposeOptions.DEFAULT);
  }

  public ConvTranspose1d(long in, long out, int kernel, ConvTransposeOptions options) {
    this(in, out, List.of(kernel), options, Bias.LEARNED);
  }

  public ConvTranspose1d(
      long in, long out, List<Integer> kernel, ConvTransposeOptions options, Bias bias) {
    super(in, out, kernel, options, bias);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, ConvTransposeOptions options) {
    return input.convTranspose1d(weight, options);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, Tensor bias, ConvTransposeOptions options) {
    return input.convTranspose1d(weight, bias, options);
  }
}
