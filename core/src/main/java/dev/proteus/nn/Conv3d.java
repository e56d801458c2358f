package dev.proteus.nn;

import dev.proteus.op.ConvOptions;
import dev.proteus.tensor.Tensor;
import java.util.Collections;
import java.util.List;

/// The convolution of `[N, in, D, H, W]`, with or without the batch's axis.
public final class Conv3d extends Convolution {
  /// With a kernel as long along each axis, stride 1 and no padding.
  public Conv3d(long in, long out, int kernel) {
    this(in, out, kernel, ConvOptions.DEFAULT);
  }

  public Conv3d(long in, long out, int kernel, ConvOptions options) {
    this(in, out, Collections.nCopies(3, kernel), options, Bias.LEARNED);
  }

  public Conv3d(long in, long out, List<Integer> kernel, ConvOptions options, Bias bias) {
    this(new InputSize.Known(in), out, kernel, options, bias);
  }

  private Conv3d(InputSize in, long out, List<Integer> kernel, ConvOptions options, Bias bias) {
    super(in, out, kernel, options, bias);
  }

  /// A layer that takes `in` from its first input (rule SD-61): what PyTorch calls LazyConv3d.
  public static Conv3d lazy(long out, int kernel) {
    return lazy(out, Collections.nCopies(3, kernel), ConvOptions.DEFAULT, Bias.LEARNED);
  }

  /// As [#lazy(long, int)], with all that can be chosen.
  public static Conv3d lazy(long out, List<Integer> kernel, ConvOptions options, Bias bias) {
    return new Conv3d(new InputSize.OfFirstInput(-4, 4, 5), out, kernel, options, bias);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, ConvOptions options) {
    return input.conv3d(weight, options);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, Tensor bias, ConvOptions options) {
    return input.conv3d(weight, bias, options);
  }
}
