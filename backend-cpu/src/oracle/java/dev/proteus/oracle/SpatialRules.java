package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.FLOATING;
import static dev.proteus.oracle.Draft.WIDE;
import static dev.proteus.oracle.Rule.many;
import static dev.proteus.oracle.Rule.rule;
import static dev.proteus.oracle.Tolerance.EXACT;

import dev.proteus.op.AvgPool;
import dev.proteus.op.ConvOptions;
import dev.proteus.op.ConvTransposeOptions;
import dev.proteus.op.Indexed;
import dev.proteus.op.Interpolate;
import dev.proteus.op.PoolOptions;
import dev.proteus.op.Rounding;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Convolution, pooling and resampling of one, two and three spatial axes.
final class SpatialRules {
  /// A convolution with one number of spatial axes.
  private interface Convolution<O> {
    Tensor apply(Tensor x, Tensor weight, O options);
  }

  /// The same with a bias.
  private interface Biased<O> {
    Tensor apply(Tensor x, Tensor weight, Tensor bias, O options);
  }

  private static final List<Rule> CONVOLUTIONS =
      List.of(
          conv("conv1d", 1, Tensor::conv1d, Tensor::conv1d),
          conv("conv2d", 2, Tensor::conv2d, Tensor::conv2d),
          conv("conv3d", 3, Tensor::conv3d, Tensor::conv3d),
          rule(
              "conv2d.same",
              "conv2d.padding(x,weight,none,[1,1],'same',dilation)",
              g ->
                  g.x()
                      .conv2d(
                          g.t("weight"),
                          ConvOptions.DEFAULT
                              .withPadding(ConvOptions.Padding.Named.SAME)
                              .withDilation(g.numbers("dilation"))),
              d -> convolved(d, 2).only("x", "weight", "dilation", "groups").whole("groups", 1, 1)),
          transposed(
              "convTranspose1d",
              "conv_transpose1d",
              1,
              Tensor::convTranspose1d,
              Tensor::convTranspose1d),
          transposed(
              "convTranspose2d",
              "conv_transpose2d.input",
              2,
              Tensor::convTranspose2d,
              Tensor::convTranspose2d),
          transposed(
              "convTranspose3d",
              "conv_transpose3d.input",
              3,
              Tensor::convTranspose3d,
              Tensor::convTranspose3d),
          rule(
              "im2col",
              "im2col(x,kernel,dilation,padding,stride)",
              g -> g.x().im2col(windows(g)),
              d -> pooled(d, 2)));

  private static final List<Rule> POOLS =
      List.of(
          rule("maxPool1d", "max_pool1d", g -> g.x().maxPool1d(windows(g)), d -> pooled(d, 1))
              .within(EXACT),
          rule("maxPool2d", "max_pool2d", g -> g.x().maxPool2d(windows(g)), d -> pooled(d, 2))
              .within(EXACT),
          rule("maxPool3d", "max_pool3d", g -> g.x().maxPool3d(windows(g)), d -> pooled(d, 3))
              .within(EXACT),
          many(
                  "maxPool2d.indices",
                  "max_pool2d_with_indices",
                  g -> both(g.x().maxPool(2, windows(g))),
                  d -> pooled(d, 2))
              .within(EXACT),
          rule("avgPool1d", "avg_pool1d", g -> g.x().avgPool1d(means(g)), d -> averaged(d, 1)),
          rule("avgPool2d", "avg_pool2d", g -> g.x().avgPool2d(means(g)), d -> averaged(d, 2)),
          rule("avgPool3d", "avg_pool3d", g -> g.x().avgPool3d(means(g)), d -> averaged(d, 3)),
          rule(
              "adaptiveAvgPool1d",
              "adaptive_avg_pool1d",
              g -> g.x().adaptiveAvgPool(g.wholes("size")),
              d -> resized(d, 1)),
          rule(
              "adaptiveAvgPool2d",
              "adaptive_avg_pool2d",
              g -> g.x().adaptiveAvgPool(g.wholes("size")),
              d -> resized(d, 2)),
          rule(
              "adaptiveAvgPool3d",
              "adaptive_avg_pool3d",
              g -> g.x().adaptiveAvgPool(g.wholes("size")),
              d -> resized(d, 3)),
          many(
                  "adaptiveMaxPool1d",
                  "adaptive_max_pool1d",
                  g -> both(g.x().adaptiveMaxPool(g.wholes("size"))),
                  d -> resized(d, 1))
              .within(EXACT),
          many(
                  "adaptiveMaxPool2d",
                  "adaptive_max_pool2d",
                  g -> both(g.x().adaptiveMaxPool(g.wholes("size"))),
                  d -> resized(d, 2))
              .within(EXACT),
          many(
                  "adaptiveMaxPool3d",
                  "adaptive_max_pool3d",
                  g -> both(g.x().adaptiveMaxPool(g.wholes("size"))),
                  d -> resized(d, 3))
              .within(EXACT));

  private static final List<Rule> RESAMPLING =
      List.of(
          resampled("nearest1d", "upsample_nearest1d(x,size)", Interpolate.Mode.NEAREST, 1)
              .within(EXACT),
          resampled("nearest2d", "upsample_nearest2d(x,size)", Interpolate.Mode.NEAREST, 2)
              .within(EXACT),
          resampled("nearest3d", "upsample_nearest3d(x,size)", Interpolate.Mode.NEAREST, 3)
              .within(EXACT),
          resampled(
                  "nearestExact2d",
                  "_upsample_nearest_exact2d(x,size)",
                  Interpolate.Mode.NEAREST_EXACT,
                  2)
              .within(EXACT),
          resampled("linear1d", "upsample_linear1d(x,size,aligned)", Interpolate.Mode.LINEAR, 1),
          resampled("bilinear", "upsample_bilinear2d(x,size,aligned)", Interpolate.Mode.LINEAR, 2),
          resampled(
              "trilinear", "upsample_trilinear3d(x,size,aligned)", Interpolate.Mode.LINEAR, 3),
          resampled("bicubic", "upsample_bicubic2d(x,size,aligned)", Interpolate.Mode.CUBIC, 2),
          rule(
              "bilinear.factor",
              "upsample_bilinear2d.vec(x,none,aligned,factor)",
              g -> g.x().interpolateBy(Interpolate.Mode.LINEAR, corners(g), g.reals("factor")),
              d -> resized(d, 2).only("x").flag("aligned").reals("factor", factors(d))),
          rule(
                  "nearest.factor",
                  "upsample_nearest2d.vec(x,none,factor)",
                  g ->
                      g.x()
                          .interpolateBy(
                              Interpolate.Mode.NEAREST,
                              Interpolate.Corners.FREE,
                              g.reals("factor")),
                  d -> resized(d, 2).only("x").reals("factor", factors(d)))
              .within(EXACT));

  static final List<Rule> ALL_RULES =
      Stream.of(CONVOLUTIONS, POOLS, RESAMPLING).flatMap(List::stream).toList();

  private SpatialRules() {}

  private static Rule conv(
      String name, int rank, Convolution<ConvOptions> plain, Biased<ConvOptions> biased) {
    return rule(
            name,
            "conv" + rank + "d(x,weight,bias,stride,padding,dilation,groups)",
            g ->
                g.maybe("bias")
                    .map(bias -> biased.apply(g.x(), g.t("weight"), bias, options(g)))
                    .orElseGet(() -> plain.apply(g.x(), g.t("weight"), options(g))),
            d -> convolved(d, rank))
        .differs(
            "-",
            "PyTorch's convolution of bfloat16 is wrong on processors without instructions for it",
            Where.type(DType.BFLOAT16));
  }

  private static ConvOptions options(Given g) {
    return ConvOptions.DEFAULT
        .withStride(g.numbers("stride"))
        .withPadding(g.numbers("padding"))
        .withDilation(g.numbers("dilation"))
        .withGroups(g.number("groups"));
  }

  private static Rule transposed(
      String name,
      String torch,
      int rank,
      Convolution<ConvTransposeOptions> plain,
      Biased<ConvTransposeOptions> biased) {
    return rule(
        name,
        torch + "(x,weight,bias,stride,padding,more,groups,dilation)",
        g ->
            g.maybe("bias")
                .map(bias -> biased.apply(g.x(), g.t("weight"), bias, widening(g)))
                .orElseGet(() -> plain.apply(g.x(), g.t("weight"), widening(g))),
        d -> widened(d, rank));
  }

  private static ConvTransposeOptions widening(Given g) {
    return ConvTransposeOptions.DEFAULT
        .withStride(g.numbers("stride"))
        .withPadding(g.numbers("padding"))
        .withOutputPadding(g.numbers("more"))
        .withDilation(g.numbers("dilation"))
        .withGroups(g.number("groups"));
  }

  private static Shape sizes(Draft d, int rank, int low, int high) {
    return Shape.of(
        IntStream.range(0, rank).mapToObj(_ -> (long) d.dice().between(low, high)).toList());
  }

  private static Shape batched(Draft d, Shape image) {
    return d.dice().oneIn(5) ? image : image.insert(0, d.dice().between(1, 3));
  }

  private static Draft convolved(Draft d, int rank) {
    int groups = d.dice().oneIn(3) ? d.dice().between(2, 3) : 1;
    long channels = d.dice().between(1, rank == 3 ? 2 : 5);
    d.types(FLOATING).fills(Fill.NORMAL);
    Shape kernel = sizes(d, rank, 1, 3);
    Shape image = Shape.of(channels * groups).concat(sizes(d, rank, 3, rank == 3 ? 6 : 10));
    d.operand("x", batched(d, image));
    d.operand("weight", Shape.of((long) groups * d.dice().between(1, 4), channels).concat(kernel));
    return d.maybe("bias", d.shape("weight").slice(0, 1))
        .wholes("stride", rank, 1, 3)
        .wholes("padding", rank, 0, 2)
        .wholes("dilation", rank, 1, 2)
        .whole("groups", groups, groups);
  }

  private static void widened(Draft d, int rank) {
    int groups = d.dice().oneIn(3) ? 2 : 1;
    long channels = (long) groups * d.dice().between(1, 3);
    d.types(WIDE).fills(Fill.NORMAL);
    d.operand("x", batched(d, Shape.of(channels).concat(sizes(d, rank, 3, rank == 3 ? 4 : 7))));
    long outputs = d.dice().between(1, 3);
    d.operand("weight", Shape.of(channels, outputs).concat(sizes(d, rank, 1, 3)));
    d.maybe("bias", Shape.of(outputs * groups))
        .wholes("stride", rank, 1, 3)
        .wholes("padding", rank, 0, 1)
        .wholes("more", rank, 0, 1)
        .whole("groups", groups, groups)
        .wholes("dilation", rank, 1, 2);
  }

  private static Draft pooled(Draft d, int rank) {
    d.types(FLOATING).fills(Fill.NORMAL, Fill.TIES);
    d.operand("x", batched(d, Shape.of(2).concat(sizes(d, rank, 3, rank == 3 ? 6 : 9))));
    return d.wholes("kernel", rank, 2, 3)
        .wholes("stride", rank, 1, 3)
        .wholes("padding", rank, 0, 1)
        .wholes("dilation", rank, 1, 2)
        .flag("ceil");
  }

  private static PoolOptions windows(Given g) {
    return PoolOptions.of(g.numbers("kernel"))
        .withStride(g.numbers("stride"))
        .withPadding(g.numbers("padding"))
        .withDilation(g.numbers("dilation"))
        .withRounding(g.flag("ceil") ? Rounding.CEIL : Rounding.FLOOR);
  }

  private static void averaged(Draft d, int rank) {
    pooled(d, rank).only("x", "kernel", "stride", "padding", "ceil").flag("counted");
  }

  private static PoolOptions means(Given g) {
    return PoolOptions.of(g.numbers("kernel"))
        .withStride(g.numbers("stride"))
        .withPadding(g.numbers("padding"))
        .withRounding(g.flag("ceil") ? Rounding.CEIL : Rounding.FLOOR)
        .withDivisor(
            g.flag("counted")
                ? AvgPool.Divisor.Counted.WITH_PADDING
                : AvgPool.Divisor.Counted.WITHOUT_PADDING);
  }

  private static Draft resized(Draft d, int rank) {
    d.types(FLOATING).fills(Fill.NORMAL);
    Shape image = Shape.of(2).concat(sizes(d, rank, 1, rank == 3 ? 5 : 9));
    return d.operand("x", image.insert(0, d.dice().between(1, 2))).wholes("size", rank, 1, 9);
  }

  private static List<Double> factors(Draft d) {
    return List.of(d.dice().pick(0.5, 1.5, 2.0, 2.5), d.dice().pick(0.7, 1.0, 2.0, 3.0));
  }

  private static Rule resampled(String name, String torch, Interpolate.Mode mode, int rank) {
    return rule(
        name,
        torch,
        g -> g.x().interpolate(mode, corners(g), g.wholes("size")),
        d -> resized(d, rank).flag("aligned"));
  }

  private static Interpolate.Corners corners(Given g) {
    return g.flag("aligned") ? Interpolate.Corners.ALIGNED : Interpolate.Corners.FREE;
  }

  private static List<Tensor> both(Indexed<Tensor> indexed) {
    return List.of(indexed.values(), indexed.indices());
  }
}
