package dev.proteus.nn;

import dev.proteus.op.ConvOptions;
import dev.proteus.tensor.Tensor;
import java.util.List;

/// The convolution of `[N, in, L]`, with or without the batch's axis.
public final class Conv1d extends Convolution {
  /// With stride 1 and without padding.
  public Conv1d(long in, long out, int kernel) {
    this(in, out, kernel, ConvOptions.DEFAULT);
  }

  public Conv1d(long in, long out, int kernel, ConvOptions options) {
    this(in, out, List.of(kernel), options, Bias.LEARNED);
  }

  public Conv1d(long in, long out, List<Integer> kernel, ConvOptions options, Bias bias) {
    this(new InputSize.Known(in), out, kernel, options, bias);
  }

  private Conv1d(InputSize in, long out, List<Integer> kernel, ConvOptions options, Bias bias) {
    super(in, out, kernel, options, bias);
  }

  /// A layer that takes `in` from its first input (rule SD-61): what PyTorch calls LazyConv1d.
  public static Conv1d lazy(long out, int kernel) {
    return lazy(out, List.of(kernel), ConvOptions.DEFAULT, Bias.LEARNED);
  }

  /// As [#lazy(long, int)], with all that can be chosen.
  public static Conv1d lazy(long out, List<Integer> kernel, ConvOptions options, Bias bias) {
    return new Conv1d(new InputSize.OfFirstInput(-2, 2, 3), out, kernel, options, bias);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, ConvOptions options) {
    return input.conv1d(weight, options);
  }

  @Override
  Tensor convolve(Tensor input, Tensor weight, Tensor bias, ConvOptions options) {
    return input.conv1d(weight, bias, options);
  }
}
