package dev.proteus.tck;

import static dev.proteus.tck.Arg.constant;
import static dev.proteus.tck.Arg.index;
import static dev.proteus.tck.Arg.x;
import static dev.proteus.tck.Domain.DISTINCT;
import static dev.proteus.tck.Domain.POSITIVE;
import static dev.proteus.tck.Domain.permutations;
import static dev.proteus.tck.Sample.ALL;
import static dev.proteus.tck.Sample.WIDE;
import static dev.proteus.tck.Sample.s;
import static dev.proteus.tck.Trait.COMBINED;
import static dev.proteus.tck.Trait.NOT_FINITE;

import dev.proteus.error.ShapeException;
import dev.proteus.op.AvgPool;
import dev.proteus.op.ConvOptions;
import dev.proteus.op.ConvTransposeOptions;
import dev.proteus.op.GridSample;
import dev.proteus.op.Indexed;
import dev.proteus.op.Interpolate;
import dev.proteus.op.Interpolate.Corners;
import dev.proteus.op.PoolOptions;
import dev.proteus.op.Rounding;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Samples of convolution, pooling and resampling.
final class SpatialSamples {
  private static final ConvOptions CONV = ConvOptions.DEFAULT;
  private static final ConvTransposeOptions TRANSPOSE = ConvTransposeOptions.DEFAULT;

  static final List<Sample> CONVOLUTIONS =
      List.of(
          Sample.of("conv1d", (x, w) -> x.conv1d(w, CONV), x(2, 3, 6), x(4, 3, 3))
              .also(s(3, 6), s(4, 3, 3))
              .also(s(0, 3, 6), s(4, 3, 3))
              .rejects(ShapeException.class, s(2, 3, 6), s(4, 2, 3))
              .rejects(ShapeException.class, s(2, 3, 2), s(4, 3, 3)),
          Sample.of(
              "conv1d with bias",
              (x, w, b) -> x.conv1d(w, b, CONV.withStride(2).withPadding(1)),
              x(2, 3, 5),
              x(4, 3, 3),
              x(4)),
          Sample.of("conv2d", (x, w) -> x.conv2d(w, CONV), x(2, 2, 4, 5), x(3, 2, 3, 2))
              .also(s(2, 5, 4), s(3, 2, 2, 3))
              .also(s(2, 3, 12, 12), s(4, 3, 5, 5))
              .also(s(1, 2, 3, 3), s(3, 2, 1, 1)),
          Sample.of(
                  "conv2d with bias",
                  (x, w, b) ->
                      x.conv2d(w, b, CONV.withStride(2, 1).withPadding(1).withDilation(1, 2)),
                  x(2, 2, 5, 5),
                  x(3, 2, 3, 2),
                  x(3))
              .rejects(ShapeException.class, s(2, 2, 5, 5), s(3, 2, 3, 2), s(2)),
          Sample.of(
              "conv2d, groups",
              (x, w) -> x.conv2d(w, CONV.withGroups(2).withPadding(1, 0)),
              x(1, 4, 3, 4),
              x(6, 2, 3, 2)),
          Sample.of(
              "conv2d, depthwise",
              (x, w) -> x.conv2d(w, CONV.withGroups(3)),
              x(2, 3, 4, 4),
              x(3, 1, 3, 3)),
          Sample.of(
              "conv2d, same",
              (x, w) -> x.conv2d(w, CONV.withPadding(ConvOptions.Padding.Named.SAME)),
              x(1, 2, 4, 3),
              x(2, 2, 3, 2)),
          Sample.of("conv3d", (x, w) -> x.conv3d(w, CONV), x(1, 2, 3, 3, 4), x(2, 2, 2, 2, 3)),
          Sample.of(
              "convTranspose1d",
              (x, w) -> x.convTranspose1d(w, TRANSPOSE.withStride(2).withOutputPadding(1)),
              x(2, 3, 4),
              x(3, 2, 3)),
          Sample.of(
                  "convTranspose2d",
                  (x, w, b) ->
                      x.convTranspose2d(w, b, TRANSPOSE.withStride(2, 1).withPadding(1, 0)),
                  x(2, 4, 3, 2),
                  x(4, 2, 3, 2),
                  x(2))
              .rejects(ShapeException.class, s(2, 3, 3, 2), s(4, 2, 3, 2), s(2)),
          Sample.of(
              "convTranspose2d, groups",
              (x, w) -> x.convTranspose2d(w, TRANSPOSE.withGroups(2).withDilation(2)),
              x(1, 4, 3, 2),
              x(4, 2, 2, 2)),
          Sample.of(
              "convTranspose3d",
              (x, w) -> x.convTranspose3d(w, TRANSPOSE),
              x(1, 2, 2, 3, 2),
              x(2, 1, 2, 2, 2)),
          Sample.of("im2col", x -> x.im2col(PoolOptions.of(2, 3)), x(2, 2, 4, 5)).types(ALL),
          Sample.of("col2im", x -> x.col2im(PoolOptions.of(2, 2).withStride(1), 3, 4), x(2, 8, 6))
              .with(COMBINED));

  static final List<Sample> POOLS =
      List.of(
          pool("maxPool1d", x -> x.maxPool(1, PoolOptions.of(3).withStride(2)), 2, 3, 7),
          pool("maxPool2d", x -> x.maxPool(2, PoolOptions.of(2)), 2, 2, 4, 5)
              .also(s(2, 4, 4))
              .also(s(1, 3, 24, 24))
              .rejects(ShapeException.class, s(2, 2, 1, 4)),
          pool(
              "maxPool2d, padded",
              x ->
                  x.maxPool(
                      2, PoolOptions.of(3, 2).withStride(2).withPadding(1).withDilation(1, 2)),
              1,
              2,
              5,
              6),
          pool("maxPool3d", x -> x.maxPool(3, PoolOptions.of(2)), 1, 2, 2, 4, 3),
          pool("adaptiveMaxPool", x -> x.adaptiveMaxPool(2, 3), 2, 2, 5, 4),
          Sample.of(
                  "maxUnpool",
                  (x, i) -> x.maxUnpool(i, 3, 4),
                  x(1, 2, 2, 2),
                  index(permutations(12), 1, 2, 2, 2))
              .types(ALL),
          mean("avgPool1d", x -> x.avgPool1d(PoolOptions.of(3).withStride(2)), 2, 3, 7),
          mean("avgPool2d", x -> x.avgPool2d(PoolOptions.of(2)), 2, 2, 4, 5)
              .also(s(2, 4, 4))
              .rejects(ShapeException.class, s(2, 2, 1, 4)),
          mean(
              "avgPool2d, padded",
              x ->
                  x.avgPool2d(
                      PoolOptions.of(3, 2)
                          .withStride(2)
                          .withPadding(1)
                          .withRounding(Rounding.CEIL)
                          .withDivisor(AvgPool.Divisor.Counted.WITHOUT_PADDING)),
              1,
              2,
              5,
              6),
          mean("avgPool3d", x -> x.avgPool3d(PoolOptions.of(2)), 1, 2, 2, 4, 3),
          mean("adaptiveAvgPool", x -> x.adaptiveAvgPool(2, 3), 2, 2, 5, 4),
          Sample.of("lpPool", x -> x.lpPool(1, 2, PoolOptions.of(2)), x(POSITIVE, 1, 2, 4))
              .with(COMBINED)
              .within(Tolerance.CHAINED));

  static final List<Sample> MAXIMA =
      List.of(
          maxima("maxPool1d values", x -> x.maxPool1d(PoolOptions.of(2)), 2, 3, 6),
          maxima("maxPool2d values", x -> x.maxPool2d(2), 2, 2, 4, 4),
          maxima("maxPool3d values", x -> x.maxPool3d(PoolOptions.of(2)), 1, 2, 2, 4, 2));

  static final List<Sample> RESAMPLING =
      List.of(
          mean("interpolate nearest", resized(Interpolate.Mode.NEAREST, 5, 3), 1, 2, 3, 4),
          mean("interpolate exact", resized(Interpolate.Mode.NEAREST_EXACT, 5, 3), 1, 2, 3, 4),
          mean("interpolate linear", resized(Interpolate.Mode.LINEAR, 5, 3), 1, 2, 3, 4),
          mean("interpolate line", resized(Interpolate.Mode.LINEAR, 5), 1, 2, 3),
          mean("interpolate cubic", resized(Interpolate.Mode.CUBIC, 5, 3), 1, 2, 3, 4),
          mean(
              "interpolate aligned",
              x -> x.interpolate(Interpolate.Mode.LINEAR, Interpolate.Corners.ALIGNED, 5, 3),
              1,
              2,
              3,
              4),
          mean(
              "interpolateBy",
              x -> x.interpolateBy(Interpolate.Mode.LINEAR, Interpolate.Corners.FREE, 1.5, 0.7),
              1,
              2,
              4,
              4),
          sampled("gridSample", GridSample.Mode.LINEAR, GridSample.Padding.ZEROS, Corners.FREE),
          sampled(
              "gridSample border", GridSample.Mode.LINEAR, GridSample.Padding.BORDER, Corners.FREE),
          sampled(
              "gridSample mirrored",
              GridSample.Mode.LINEAR,
              GridSample.Padding.REFLECTION,
              Corners.FREE),
          sampled(
              "gridSample aligned",
              GridSample.Mode.LINEAR,
              GridSample.Padding.REFLECTION,
              Corners.ALIGNED),
          sampled(
              "gridSample nearest",
              GridSample.Mode.NEAREST,
              GridSample.Padding.ZEROS,
              Corners.ALIGNED),
          Sample.of("affineGrid", theta -> theta.affineGrid(Corners.FREE, 3, 4), x(2, 2, 3))
              .rejects(ShapeException.class, s(2, 3, 3)),
          Sample.of(
              "affineGrid aligned",
              theta -> theta.affineGrid(Corners.ALIGNED, 2, 1, 3),
              x(1, 3, 4)),
          mean("channelShuffle", x -> x.channelShuffle(3), 2, 6, 4)
              .types(ALL)
              .rejects(ShapeException.class, s(2, 4, 4)),
          mean("pixelShuffle", x -> x.pixelShuffle(2), 1, 8, 2, 3).types(ALL),
          mean("pixelUnshuffle", x -> x.pixelUnshuffle(2), 1, 2, 4, 6).types(ALL));

  private SpatialSamples() {}

  /// Places between elements, and outside of the border.
  private static Sample sampled(
      String name, GridSample.Mode mode, GridSample.Padding padding, Corners corners) {
    Domain places = Domain.between(-1.4, 1.4);
    return Sample.of(
            name,
            (x, grid) -> x.gridSample(grid, mode, padding, corners),
            x(2, 2, 3, 4),
            constant(places, 2, 3, 2, 2))
        .also(s(1, 2, 5), s(1, 4, 1))
        .types(WIDE)
        .with(COMBINED)
        .rejects(ShapeException.class, s(2, 2, 3, 4), s(2, 3, 2, 3));
  }

  private static Sample pool(String name, Function<Tensor, Indexed<Tensor>> call, long... sizes) {
    return Sample.ofList(
            name,
            in -> {
              Indexed<Tensor> results = call.apply(in.getFirst());
              return List.of(results.values(), results.indices());
            },
            x(DISTINCT, sizes))
        .types(ALL)
        .with(NOT_FINITE);
  }

  private static Sample maxima(String name, UnaryOperator<Tensor> call, long... sizes) {
    return Sample.of(name, call, x(DISTINCT, sizes)).types(ALL);
  }

  private static Sample mean(String name, UnaryOperator<Tensor> call, long... sizes) {
    return Sample.of(name, call, x(sizes));
  }

  private static UnaryOperator<Tensor> resized(Interpolate.Mode mode, long... size) {
    return x -> x.interpolate(mode, Interpolate.Corners.FREE, size);
  }
}
