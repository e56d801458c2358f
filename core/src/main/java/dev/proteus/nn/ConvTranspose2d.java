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
    super(in, out, kernel, options, bias);
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
