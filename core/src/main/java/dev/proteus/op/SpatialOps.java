package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Operators of neural networks on images and the like: `[N, C, *S]`, or `[C, *S]` without a batch.
///
/// The last one, two or three axes are spatial.
///
/// @param <T> what operators are applied to
public interface SpatialOps<T extends TensorOps<T>> extends Value<T> {
  /// Convolution of `[N, C, L]` with a weight `[O, C/groups, K]`: see [Conv].
  default T conv1d(T weight, ConvOptions options) {
    return conv(1, weight, Optional.empty(), options);
  }

  /// Convolution of `[N, C, L]` with a weight `[O, C/groups, K]` and a bias `[O]`: see [Conv].
  default T conv1d(T weight, T bias, ConvOptions options) {
    return conv(1, weight, Optional.of(bias), options);
  }

  /// Convolution of `[N, C, H, W]` with a weight `[O, C/groups, K, K]`: see [Conv].
  default T conv2d(T weight, ConvOptions options) {
    return conv(2, weight, Optional.empty(), options);
  }

  /// Convolution of `[N, C, H, W]` with a weight `[O, C/groups, K, K]` and a bias `[O]`: see
  /// [Conv].
  default T conv2d(T weight, T bias, ConvOptions options) {
    return conv(2, weight, Optional.of(bias), options);
  }

  /// Convolution of `[N, C, D, H, W]` with a weight `[O, C/groups, K, K, K]`: see [Conv].
  default T conv3d(T weight, ConvOptions options) {
    return conv(3, weight, Optional.empty(), options);
  }

  /// Convolution of `[N, C, D, H, W]` with a weight `[O, C/groups, K, K, K]` and a bias `[O]`: see
  /// [Conv].
  default T conv3d(T weight, T bias, ConvOptions options) {
    return conv(3, weight, Optional.of(bias), options);
  }

  private T conv(int rank, T weight, Optional<T> bias, ConvOptions options) {
    Conv conv = options.conv(rank);
    return batched(
        conv.name(),
        rank,
        x -> {
          T padded =
              options.padding() == ConvOptions.Padding.Named.SAME ? same(x, weight, conv) : x;
          List<T> operands = new ArrayList<>(List.of(padded, weight));
          bias.ifPresent(operands::add);
          return padded.call(conv, operands);
        });
  }

  private static <T extends TensorOps<T>> T same(T x, T weight, Conv conv) {
    if (conv.stride().stream().anyMatch(s -> s != 1)) {
      throw new IllegalArgumentException(
          "%s: same padding with stride %s; the stride must be 1"
              .formatted(conv.name(), conv.stride()));
    }
    int rank = conv.stride().size();
    Long[] before = new Long[rank + 2];
    Long[] after = new Long[rank + 2];
    Arrays.fill(before, 0L);
    Arrays.fill(after, 0L);
    for (int i = 2; i < rank + 2; i++) {
      long total = conv.dilation().get(i - 2) * (weight.spec().shape().size(i) - 1);
      before[i] = total / 2;
      after[i] = total - total / 2;
    }
    Pad pad = new Pad(Arrays.asList(before), Arrays.asList(after), Scalar.of(0L));
    return x.call(pad, List.of(x));
  }

  /// Transposed convolution of `[N, C, L]` with a weight `[C, O/groups, K]`: see [ConvTranspose].
  default T convTranspose1d(T weight, ConvTransposeOptions options) {
    return convTranspose(1, weight, options);
  }

  /// As [#convTranspose1d(TensorOps, ConvTransposeOptions)], with a bias `[O]`.
  default T convTranspose1d(T weight, T bias, ConvTransposeOptions options) {
    return convTranspose(1, weight, options).add(bias.reshape(-1, 1));
  }

  /// Transposed convolution of `[N, C, H, W]` with a weight `[C, O/groups, K, K]`: see
  /// [ConvTranspose].
  default T convTranspose2d(T weight, ConvTransposeOptions options) {
    return convTranspose(2, weight, options);
  }

  /// As [#convTranspose2d(TensorOps, ConvTransposeOptions)], with a bias `[O]`.
  default T convTranspose2d(T weight, T bias, ConvTransposeOptions options) {
    return convTranspose(2, weight, options).add(bias.reshape(-1, 1, 1));
  }

  /// Transposed convolution of `[N, C, D, H, W]` with a weight `[C, O/groups, K, K, K]`: see
  /// [ConvTranspose].
  default T convTranspose3d(T weight, ConvTransposeOptions options) {
    return convTranspose(3, weight, options);
  }

  /// As [#convTranspose3d(TensorOps, ConvTransposeOptions)], with a bias `[O]`.
  default T convTranspose3d(T weight, T bias, ConvTransposeOptions options) {
    return convTranspose(3, weight, options).add(bias.reshape(-1, 1, 1, 1));
  }

  private T convTranspose(int rank, T weight, ConvTransposeOptions given) {
    ConvTransposeOptions options = given.spread(rank);
    String name = "convTranspose" + rank + "d";
    Operands.rank(name, "weight", weight.spec().shape(), rank + 2);
    return batched(
        name,
        rank,
        x -> {
          boolean cut = options.exceedsStride();
          ConvTransposeOptions inner = cut ? options.whole() : options;
          Op op = inner.convTranspose(x.spec().shape(), weight.spec().shape());
          T result = x.call(op, List.of(x, weight));
          return cut ? result.pad(options.margin()) : result;
        });
  }

  /// The largest element of each window along the last axis: see [MaxPool].
  default T maxPool1d(PoolOptions options) {
    return maxPool(1, options).values();
  }

  /// The largest element of each window along the last two axes: see [MaxPool].
  default T maxPool2d(PoolOptions options) {
    return maxPool(2, options).values();
  }

  /// The largest element of each window along the last two axes, windows side by side.
  default T maxPool2d(int... kernel) {
    return maxPool2d(PoolOptions.of(kernel));
  }

  /// The largest element of each window along the last three axes: see [MaxPool].
  default T maxPool3d(PoolOptions options) {
    return maxPool(3, options).values();
  }

  /// The largest element of each window along the last `rank` axes, and its number among the
  /// spatial elements, row-major: see [MaxPool].
  default Indexed<T> maxPool(int rank, PoolOptions options) {
    return pooled(options.maxPool(rank), rank);
  }

  private Indexed<T> pooled(Op op, int rank) {
    boolean batched = isBatched(op.name(), rank);
    T x = batched ? self() : self().unsqueeze(0);
    List<T> results = x.apply(op, List.of(x));
    return batched
        ? new Indexed<>(results.get(0), results.get(1))
        : new Indexed<>(results.get(0).squeeze(0), results.get(1).squeeze(0));
  }

  /// The inverse of [#maxPool(int, PoolOptions)]: this put where the maxima were, zeros elsewhere.
  ///
  /// @param indices where they were
  /// @param size spatial sizes of the result
  default T maxUnpool(T indices, long... size) {
    MaxPoolBackward op = new MaxPoolBackward(Shape.of(size).toList());
    boolean batched = isBatched(op.name(), size.length);
    T x = batched ? self() : self().unsqueeze(0);
    T result = x.call(op, List.of(x, batched ? indices : indices.unsqueeze(0)));
    return batched ? result : result.squeeze(0);
  }

  /// The mean of each window along the last axis: see [AvgPool].
  default T avgPool1d(PoolOptions options) {
    return avgPool(1, options);
  }

  /// The mean of each window along the last two axes: see [AvgPool].
  default T avgPool2d(PoolOptions options) {
    return avgPool(2, options);
  }

  /// The mean of each window along the last two axes, windows side by side.
  default T avgPool2d(int... kernel) {
    return avgPool2d(PoolOptions.of(kernel));
  }

  /// The mean of each window along the last three axes: see [AvgPool].
  default T avgPool3d(PoolOptions options) {
    return avgPool(3, options);
  }

  private T avgPool(int rank, PoolOptions options) {
    AvgPool op = options.avgPool(rank);
    return batched(op.name(), rank, x -> x.call(op, List.of(x)));
  }

  /// `(Σ xᵖ)^(1/p)` of each window along the last `rank` axes.
  default T lpPool(int rank, double p, PoolOptions options) {
    AvgPool sum = options.withDivisor(new AvgPool.Divisor.Fixed(1)).avgPool(rank);
    return batched("lpPool", rank, x -> x.call(sum, List.of(x.pow(p))).pow(1 / p));
  }

  /// The means of `size` windows that cover the last axes evenly, as many axes as sizes; -1 keeps a
  /// size (see [AdaptiveAvgPool]).
  default T adaptiveAvgPool(long... size) {
    AdaptiveAvgPool op = new AdaptiveAvgPool(kept(size));
    return batched(op.name(), size.length, x -> x.call(op, List.of(x)));
  }

  /// The maxima of `size` windows that cover the last axes evenly, as many axes as sizes, and where
  /// they are; -1 keeps a size (see [AdaptiveMaxPool]).
  default Indexed<T> adaptiveMaxPool(long... size) {
    return pooled(new AdaptiveMaxPool(kept(size)), size.length);
  }

  private List<Long> kept(long[] size) {
    Shape shape = spec().shape();
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < size.length; i++) {
      result.add(size[i] == -1 ? shape.size(i - size.length) : size[i]);
    }
    return result;
  }

  /// The last axes resampled to these sizes: see [Interpolate]. What PyTorch calls the mode `area`
  /// is [#adaptiveAvgPool(long...)].
  default T interpolate(Interpolate.Mode mode, Interpolate.Corners corners, long... size) {
    Interpolate op = new Interpolate(mode, Shape.of(size).toList(), List.of(), corners);
    return batched(op.name(), size.length, x -> x.call(op, List.of(x)));
  }

  /// The last axes resampled by these factors, `⌊size·factor⌋` elements each: see [Interpolate].
  default T interpolateBy(Interpolate.Mode mode, Interpolate.Corners corners, double... factor) {
    Shape shape = spec().shape();
    List<Long> size = new ArrayList<>();
    for (int i = 0; i < factor.length; i++) {
      size.add((long) Math.floor(shape.size(i - factor.length) * factor[i]));
    }
    List<Double> scale = Arrays.stream(factor).boxed().toList();
    Interpolate op = new Interpolate(mode, size, scale, corners);
    return batched(op.name(), size.size(), x -> x.call(op, List.of(x)));
  }

  /// The windows of `[N, C, *S]` as columns `[N, C·K, windows]`, as many spatial axes as the kernel
  /// has sizes: what PyTorch's functional `unfold` does.
  default T im2col(PoolOptions options) {
    int rank = options.kernel().size();
    Sliding sliding = options.sliding(rank);
    return batched(
        "im2col",
        rank,
        x -> {
          Shape out = sliding.windows("im2col", x.spec().shape(), Rounding.FLOOR);
          T windows = sliding.windows(x, out, Scalar.of(0L));
          Shape shape = windows.spec().shape();
          return windows
              .permute(kernelFirst(rank))
              .reshape(shape.size(0), shape.numel() / shape.size(0) / out.numel(), out.numel());
        });
  }

  /// The sums of columns `[N, C·K, windows]` at the elements `[N, C, *size]` that they stand for:
  /// what PyTorch's functional `fold` does.
  default T col2im(PoolOptions options, long... size) {
    int rank = size.length;
    Sliding sliding = options.sliding(rank);
    Shape spatial = Shape.of(size);
    return batched(
        "col2im",
        1,
        x -> {
          Shape shape = x.spec().shape();
          Shape out = sliding.windows("col2im", Shape.of(1, 1).concat(spatial), Rounding.FLOOR);
          Shape kernel =
              Shape.of(sliding.kernel().stream().mapToLong(Integer::longValue).toArray());
          if (shape.size(2) != out.numel() || shape.size(1) % kernel.numel() != 0) {
            throw new ShapeException(
                "col2im: %s has %s windows of %s values; sizes %s have %s, of a multiple of %s"
                    .formatted(
                        shape, shape.size(2), shape.size(1), spatial, out.numel(), kernel.numel()));
          }
          Shape channels = Shape.of(shape.size(0), shape.size(1) / kernel.numel());
          T windows = x.reshape(channels.concat(kernel).concat(out)).permute(kernelFirst(rank));
          return sliding.overlay(windows, out, spatial);
        });
  }

  /// Exchanges the two groups of `rank` axes behind the first two.
  private static int[] kernelFirst(int rank) {
    int[] axes = new int[2 * rank + 2];
    Arrays.setAll(axes, i -> i < 2 ? i : i < rank + 2 ? i + rank : i - rank);
    return axes;
  }

  /// The elements at the places that a grid `[N, *O, r]` names: see [GridSample].
  default T gridSample(
      T grid, GridSample.Mode mode, GridSample.Padding padding, Interpolate.Corners corners) {
    return call(new GridSample(mode, padding, corners), List.of(self(), grid));
  }

  /// The places that affine maps, this `[N, r, r + 1]`, give the elements of r spatial axes: a grid
  /// `[N, *size, r]` for [#gridSample(TensorOps, GridSample.Mode, GridSample.Padding,
  /// Interpolate.Corners)].
  default T affineGrid(Interpolate.Corners corners, long... size) {
    int rank = size.length;
    Shape shape = spec().shape();
    Operands.floating("affineGrid", List.of(spec()));
    Operands.rank("affineGrid", "theta", shape, 3);
    Operands.shape("affineGrid", "theta", shape, Shape.of(shape.size(0), rank, rank + 1L));
    List<T> axes = new ArrayList<>();
    for (long each : size) {
      double outer = corners == Interpolate.Corners.ALIGNED ? 1 : (each - 1.0) / each;
      double end = each == 1 ? 0 : outer;
      axes.add(self().linspace(-end, end, spec().withShape(Shape.of(each))));
    }
    List<T> coordinates = new ArrayList<>(ArrangeOps.meshgrid(axes, ArrangeOps.Grid.IJ).reversed());
    coordinates.add(coordinates.getFirst().onesLike());
    T points = ArrangeOps.stack(coordinates, -1).reshape(-1, rank + 1L);
    Shape grid = Shape.of(shape.size(0)).concat(Shape.of(size)).concat(Shape.of(rank));
    return points.matmul(self().mT()).reshape(grid);
  }

  /// Channels `[N, C, *]` dealt out anew: one of each of `groups` groups after the other.
  default T channelShuffle(int groups) {
    Shape shape = spec().shape();
    Operands.atLeast("channelShuffle", "x", shape, 2);
    if (groups < 1 || shape.size(1) % groups != 0) {
      throw new ShapeException(
          "channelShuffle: x is %s with %s channels; they must be a multiple of %s"
              .formatted(shape, shape.size(1), groups));
    }
    return self().unflatten(1, groups, shape.size(1) / groups).transpose(1, 2).flatten(1, 2);
  }

  /// Channels `[*, C·r², H, W]` laid out as pixels `[*, C, H·r, W·r]`.
  default T pixelShuffle(int factor) {
    Shape shape = spec().shape();
    Operands.atLeast("pixelShuffle", "x", shape, 3);
    long r = factor;
    if (factor < 1 || shape.size(-3) % (r * r) != 0) {
      throw new ShapeException(
          "pixelShuffle: x is %s with %s channels; they must be a multiple of %s"
              .formatted(shape, shape.size(-3), r * r));
    }
    long batch = shape.slice(0, shape.rank() - 3).numel();
    long channels = shape.size(-3) / (r * r);
    T parts = self().reshape(batch, channels, r, r, shape.size(-2), shape.size(-1));
    return parts
        .permute(0, 1, 4, 2, 5, 3)
        .reshape(
            shape
                .slice(0, shape.rank() - 3)
                .concat(Shape.of(channels, shape.size(-2) * r, shape.size(-1) * r)));
  }

  /// Pixels `[*, C, H·r, W·r]` laid out as channels `[*, C·r², H, W]`.
  default T pixelUnshuffle(int factor) {
    Shape shape = spec().shape();
    Operands.atLeast("pixelUnshuffle", "x", shape, 3);
    long r = factor;
    if (factor < 1 || shape.size(-2) % r != 0 || shape.size(-1) % r != 0) {
      throw new ShapeException(
          "pixelUnshuffle: x is %s; its last two axes must be multiples of %s"
              .formatted(shape, factor));
    }
    long batch = shape.slice(0, shape.rank() - 3).numel();
    long channels = shape.size(-3);
    T parts = self().reshape(batch, channels, shape.size(-2) / r, r, shape.size(-1) / r, r);
    return parts
        .permute(0, 1, 3, 5, 2, 4)
        .reshape(
            shape
                .slice(0, shape.rank() - 3)
                .concat(Shape.of(channels * r * r, shape.size(-2) / r, shape.size(-1) / r)));
  }

  /// What `body` makes of this with a batch axis, which goes away again if it was not there.
  private T batched(String operator, int rank, UnaryOperator<T> body) {
    return isBatched(operator, rank)
        ? body.apply(self())
        : body.apply(self().unsqueeze(0)).squeeze(0);
  }

  private boolean isBatched(String operator, int rank) {
    int axes = spec().rank();
    if (axes != rank + 1 && axes != rank + 2) {
      throw new ShapeException(
          "%s: x is %s; it must have %s axes, or %s without a batch"
              .formatted(operator, spec().shape(), rank + 2, rank + 1));
    }
    return axes == rank + 2;
  }
}
