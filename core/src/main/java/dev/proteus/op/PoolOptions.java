package dev.proteus.op;

import java.util.List;

/// How pooling slides. Lists hold one number for all spatial axes, or one per axis:
/// `PoolOptions.of(3).withStride(2).withPadding(1)`.
///
/// @param kernel elements of a window
/// @param stride distance between windows; empty for the kernel's size
/// @param padding elements added at both ends, at most half a kernel
/// @param dilation distance between elements of a window, for maxima
/// @param rounding what happens to a last window that only partly fits
/// @param divisor what the sum of a window is divided by, for means
public record PoolOptions(
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> padding,
    List<Integer> dilation,
    Rounding rounding,
    AvgPool.Divisor divisor) {
  public PoolOptions {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
  }

  /// Windows side by side, without padding.
  public static PoolOptions of(int... kernel) {
    return new PoolOptions(
        ConvOptions.list(kernel),
        List.of(),
        List.of(0),
        List.of(1),
        Rounding.FLOOR,
        AvgPool.Divisor.Counted.WITH_PADDING);
  }

  public PoolOptions withStride(int... newStride) {
    return new PoolOptions(
        kernel, ConvOptions.list(newStride), padding, dilation, rounding, divisor);
  }

  public PoolOptions withPadding(int... newPadding) {
    return new PoolOptions(
        kernel, stride, ConvOptions.list(newPadding), dilation, rounding, divisor);
  }

  public PoolOptions withDilation(int... newDilation) {
    return new PoolOptions(
        kernel, stride, padding, ConvOptions.list(newDilation), rounding, divisor);
  }

  public PoolOptions withRounding(Rounding newRounding) {
    return new PoolOptions(kernel, stride, padding, dilation, newRounding, divisor);
  }

  public PoolOptions withDivisor(AvgPool.Divisor newDivisor) {
    return new PoolOptions(kernel, stride, padding, dilation, rounding, newDivisor);
  }

  MaxPool maxPool(int rank) {
    Sliding sliding = sliding(rank);
    return new MaxPool(
        sliding.kernel(), sliding.stride(), sliding.padding(), sliding.dilation(), rounding);
  }

  /// @throws IllegalArgumentException if there is a dilation
  AvgPool avgPool(int rank) {
    Sliding sliding = sliding(rank);
    if (dilation.stream().anyMatch(d -> d != 1)) {
      throw new IllegalArgumentException(
          "avgPool: dilation %s; means have none, it must be 1".formatted(dilation));
    }
    return new AvgPool(sliding.kernel(), sliding.stride(), sliding.padding(), rounding, divisor);
  }

  Sliding sliding(int rank) {
    List<Integer> size = ConvOptions.spread("pool kernel", kernel, rank);
    return new Sliding(
        size,
        stride.isEmpty() ? size : ConvOptions.spread("pool stride", stride, rank),
        ConvOptions.spread("pool padding", padding, rank),
        ConvOptions.spread("pool dilation", dilation, rank));
  }
}
