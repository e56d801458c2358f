package dev.proteus.nn;

import dev.proteus.op.ConvTransposeOptions;
import dev.proteus.tensor.Tensor;
import java.util.Collections;
import java.util.List;

/// The transposed convolution of `[N, in, H, W]`, with or without the batch's axis.
public final class ConvTranspose2d extends TransposedConvolution {
  /// With a kernel as long along each axis, stride 1 and no padding.
  public ConvTranspose2d(long in, long out, int kernel) {
    this(in, out, kernel, ConvTransposeOptions.DEFAULT);
  }

  public ConvTranspose2d(long in, long out, int kernel, ConvTransposeOptions options) {
    this(in, out, Collections.nCopies(2, kernel), options, Bias.LEARNED);
  }

  public ConvTranspose2d(
      long in, long out, List<Integer> kernel, ConvTransposeOptions options, Bias bias) {
    this(new InputSize.Known(in), out, kernel, options, bias);
  }

  private ConvTranspose2d(
      InputSize in, long out, List<Integer> kernel, ConvTransposeOptions options, Bias bias) {
    super(in, out, kernel, options, bias);
  }

  /// A layer that takes `in` from its first input (rule SD-61): what PyTorch calls
  /// LazyConvTranspose2d.
  public static ConvTranspose2d lazy(long out, int kernel) {
    return lazy(out, Collections.nCopies(2, kernel), ConvTransposeOptions.DEFAULT, Bias.LEARNED);
  }

  /// As [#lazy(long, int)], with all that can be chosen.
  public static ConvTranspose2d lazy(
      long out, List<Integer> kernel, ConvTransposeOptions options, Bias bias) {
    return new ConvTranspose2d(new InputSize.OfFirstInput(-3, 3, 4), out, kernel, options, bias);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, ConvTransposeOptions options) {
    return input.convTranspose2d(weight, options);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, Tensor bias, ConvTransposeOptions options) {
    return input.convTranspose2d(weight, bias, options);
  }
}
