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
    this(new InputSize.Known(in), out, kernel, options, bias);
  }

  private ConvTranspose1d(
      InputSize in, long out, List<Integer> kernel, ConvTransposeOptions options, Bias bias) {
    super(in, out, kernel, options, bias);
  }

  /// A layer that takes `in` from its first input (rule SD-61): what PyTorch calls
  /// LazyConvTranspose1d.
  public static ConvTranspose1d lazy(long out, int kernel) {
    return lazy(out, List.of(kernel), ConvTransposeOptions.DEFAULT, Bias.LEARNED);
  }

  /// As [#lazy(long, int)], with all that can be chosen.
  public static ConvTranspose1d lazy(
      long out, List<Integer> kernel, ConvTransposeOptions options, Bias bias) {
    return new ConvTranspose1d(new InputSize.OfFirstInput(-2, 2, 3), out, kernel, options, bias);
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
