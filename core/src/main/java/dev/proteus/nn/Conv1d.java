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
    super(in, out, kernel, options, bias);
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
