package dev.proteus.nn;

import dev.proteus.op.ConvOptions;
import dev.proteus.tensor.Tensor;
import java.util.Collections;
import java.util.List;

/// The convolution of `[N, in, H, W]`, with or without the batch's axis.
public final class Conv2d extends Convolution {
  /// With a kernel as long along each axis, stride 1 and no padding.
  public Conv2d(long in, long out, int kernel) {
    this(in, out, kernel, ConvOptions.DEFAULT);
  }

  public Conv2d(long in, long out, int kernel, ConvOptions options) {
    this(in, out, Collections.nCopies(2, kernel), options, Bias.LEARNED);
  }

  public Conv2d(long in, long out, List<Integer> kernel, ConvOptions options, Bias bias) {
    this(new InputSize.Known(in), out, kernel, options, bias);
  }

  private Conv2d(InputSize in, long out, List<Integer> kernel, ConvOptions options, Bias bias) {
    super(in, out, kernel, options, bias);
  }

  /// A layer that takes `in` from its first input (rule SD-61): what PyTorch calls LazyConv2d.
  public static Conv2d lazy(long out, int kernel) {
    return lazy(out, Collections.nCopies(2, kernel), ConvOptions.DEFAULT, Bias.LEARNED);
  }

  /// As [#lazy(long, int)], with all that can be chosen.
  public static Conv2d lazy(long out, List<Integer> kernel, ConvOptions options, Bias bias) {
    return new Conv2d(new InputSize.OfFirstInput(-3, 3, 4), out, kernel, options, bias);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, ConvOptions options) {
    return input.conv2d(weight, options);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, Tensor bias, ConvOptions options) {
    return input.conv2d(weight, bias, options);
  }
}
