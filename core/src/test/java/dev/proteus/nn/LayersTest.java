package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.ShapeException;
import dev.proteus.op.ConvOptions;
import dev.proteus.op.ConvTransposeOptions;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.Interpolate;
import dev.proteus.op.PoolOptions;
import dev.proteus.op.Reduction;
import dev.proteus.op.Scale;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What each layer computes, and with what.
class LayersTest {
  /// A layer, what goes in and what comes out.
  private record Case(Supplier<Layer> layer, Shape input, Shape output, List<String> parameters) {}

  private static Case of(Supplier<Layer> layer, Shape in, Shape out, String... parameters) {
    return new Case(layer, in, out, List.of(parameters));
  }

  private static Stream<Case> cases() {
    Shape image = Shape.of(2, 4, 8, 8);
    Shape half = Shape.of(2, 4, 4, 4);
    Shape series = Shape.of(2, 4, 8);
    Shape volume = Shape.of(2, 4, 8, 8, 8);
    String[] both = {"weight", "bias"};
    return Stream.of(
        of(() -> new Linear(8, 3), image, Shape.of(2, 4, 8, 3), both),
        of(() -> new Linear(8, 3, Bias.NONE), series, Shape.of(2, 4, 3), "weight"),
        of(() -> new Conv1d(4, 6, 3), series, Shape.of(2, 6, 6), both),
        of(() -> new Conv2d(4, 6, 3), image, Shape.of(2, 6, 6, 6), both),
        of(() -> new Conv2d(4, 6, 3), Shape.of(4, 8, 8), Shape.of(6, 6, 6), both),
        of(() -> new Conv3d(4, 6, 3), volume, Shape.of(2, 6, 6, 6, 6), both),
        of(
            () ->
                new Conv2d(
                    4,
                    6,
                    List.of(3, 5),
                    ConvOptions.DEFAULT.withStride(2).withPadding(1, 2).withGroups(2),
                    Bias.NONE),
            image,
            Shape.of(2, 6, 4, 4),
            "weight"),
        of(() -> new ConvTranspose1d(4, 6, 3), series, Shape.of(2, 6, 10), both),
        of(
            () ->
                new ConvTranspose2d(
                    4, 6, 2, ConvTransposeOptions.DEFAULT.withStride(2).withGroups(2)),
            image,
            Shape.of(2, 6, 16, 16),
            both),
        of(() -> new ConvTranspose3d(4, 6, 1), volume, Shape.of(2, 6, 8, 8, 8), both),
        of(() -> new MaxPool1d(2), series, Shape.of(2, 4, 4)),
        of(() -> new MaxPool2d(2), image, half),
        of(() -> new MaxPool3d(2), volume, Shape.of(2, 4, 4, 4, 4)),
        of(() -> new AvgPool1d(2), series, Shape.of(2, 4, 4)),
        of(() -> new AvgPool2d(PoolOptions.of(3).withStride(2).withPadding(1)), image, half),
        of(() -> new AvgPool3d(2), volume, Shape.of(2, 4, 4, 4, 4)),
        of(() -> new AdaptiveAvgPool(3, -1), image, Shape.of(2, 4, 3, 8)),
        of(() -> new AdaptiveMaxPool(5), series, Shape.of(2, 4, 5)),
        of(() -> new BatchNorm1d(4), Shape.of(2, 4), Shape.of(2, 4), both),
        of(() -> new BatchNorm1d(4), series, series, both),
        of(() -> new BatchNorm2d(4), image, image, both),
        of(() -> new BatchNorm3d(4), volume, volume, both),
        of(
            () -> new BatchNorm2d(4, BatchNormOptions.DEFAULT.withAffine(Affine.NONE)),
            image,
            image),
        of(() -> new LayerNorm(8, 8), image, image, both),
        of(
            () -> new LayerNorm(Shape.of(8), 1e-5, Affine.LEARNED, Bias.NONE),
            image,
            image,
            "weight"),
        of(() -> new LayerNorm(Shape.of(8), 1e-5, Affine.NONE, Bias.LEARNED), image, image),
        of(() -> new RmsNorm(8), image, image, "weight"),
        of(() -> new GroupNorm(2, 4), image, image, both),
        of(() -> new GroupNorm(2, 4, 1e-5, Affine.NONE), image, image),
        of(() -> new InstanceNorm(4), image, image),
        of(() -> new InstanceNorm(4, 1e-5, Affine.LEARNED), image, image, both),
        of(Relu::new, image, image),
        of(Gelu::new, image, image),
        of(Silu::new, image, image),
        of(Tanh::new, image, image),
        of(Sigmoid::new, image, image),
        of(Identity::new, image, image),
        of(() -> new Softmax(-1), image, image),
        of(() -> new LogSoftmax(1), image, image),
        of(() -> new LeakyRelu(0.1), image, image),
        of(() -> new Elu(1), image, image),
        of(Prelu::new, image, image, "weight"),
        of(() -> new Activation("softplus", Tensor::softplus), image, image),
        of(Dropout::new, image, image),
        of(() -> new FeatureDropout(0.3), image, image),
        of(() -> new AlphaDropout(0.3), image, image),
        of(Flatten::new, image, Shape.of(2, 256)),
        of(() -> new Flatten(0, 1), image, Shape.of(8, 8, 8)),
        of(() -> new Unflatten(1, 2, -1), image, Shape.of(2, 2, 2, 8, 8)),
        of(() -> new Upsample(Interpolate.Mode.NEAREST, 2, 2), image, Shape.of(2, 4, 16, 16)),
        of(
            () -> new Upsample(Interpolate.Mode.LINEAR, Interpolate.Corners.ALIGNED, 0.5),
            series,
            Shape.of(2, 4, 4)),
        of(() -> new PixelShuffle(2), image, Shape.of(2, 1, 16, 16)),
        of(
            () -> new TransformerEncoderLayer(8, 2, TransformerOptions.DEFAULT.withHidden(5)),
            series,
            series,
            "self_attn.in_proj_weight",
            "self_attn.in_proj_bias",
            "self_attn.out_proj.weight",
            "self_attn.out_proj.bias",
            "linear1.weight",
            "linear1.bias",
            "linear2.weight",
            "linear2.bias",
            "norm1.weight",
            "norm1.bias",
            "norm2.weight",
            "norm2.bias"));
  }

  /// On meta and for real: shapes, names, no random numbers drawn on meta, and gradients for all.
  @TestFactory
  Stream<DynamicTest> shapesAndNames() {
    return cases()
        .map(c -> DynamicTest.dynamicTest(c.layer().get() + " " + c.input(), () -> check(c)));
  }

  private static void check(Case c) {
    Generator generator = new Generator(3);
    Scope.withGenerator(
        generator,
        () -> {
          Tensor meta =
              Scope.on(
                  Device.META,
                  () -> c.layer().get().forward(Tensor.zeros(c.input(), DType.FLOAT32)));
          assertEquals(c.output(), meta.shape());
          assertEquals(0, generator.state().offset(), "rule MD-4");
          Layer layer = c.layer().get();
          Tensor input = Tensor.randn(c.input().toArray()).requiresGrad_(true);
          Tensor output = layer.forward(input);
          assertEquals(c.output(), output.shape());
          output.square().sum().backward();
          assertTrue(input.grad().isPresent());
          assertTrue(layer.parameters().stream().allMatch(p -> p.grad().isPresent()));
          assertEquals(c.parameters(), List.copyOf(layer.namedParameters().keySet()));
          assertFalse(layer.toString().isEmpty());
          return output;
        });
  }

  @Test
  void weightsAreScaledByTheirFanAndASeedReproducesThem() {
    Linear layer = Scope.withGenerator(new Generator(5), () -> new Linear(100, 50));
    Linear again = Scope.withGenerator(new Generator(5), () -> new Linear(100, 50));
    assertArrayEquals(layer.weight().toFloatArray(), again.weight().toFloatArray());
    assertBound(layer.weight(), 0.1);
    assertBound(layer.bias().orElseThrow(), 0.1);
    Conv2d conv = new Conv2d(8, 64, 5, ConvOptions.DEFAULT.withGroups(2));
    assertEquals(Shape.of(64, 4, 5, 5), conv.weight().shape());
    assertBound(conv.weight(), 0.1);
    assertBound(new ConvTranspose2d(64, 4, 5).weight(), 0.1);
    double std = new Embedding(100, 50).weight().std().item();
    assertEquals(1, std, 0.05);
  }

  private static void assertBound(Tensor weight, double bound) {
    double largest = weight.abs().max().item();
    assertTrue(largest <= bound && largest > 0.8 * bound, () -> largest + " of " + bound);
  }

  @Test
  void parametersTakeTheDefaultType() {
    Linear layer = Scope.withDType(DType.FLOAT64, () -> new Linear(2, 2));
    assertEquals(DType.FLOAT64, layer.weight().dtype());
    assertTrue(layer.weight().requiresGrad());
  }

  @Test
  void groupsMustDivideChannels() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Conv2d(4, 6, 3, ConvOptions.DEFAULT.withGroups(4)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConvTranspose2d(3, 6, 3, ConvTransposeOptions.DEFAULT.withGroups(2)));
    assertThrows(IllegalArgumentException.class, () -> new GroupNorm(3, 4));
    assertThrows(IllegalArgumentException.class, () -> new MultiheadAttention(5, 2));
  }

  @Test
  void linearIsAnAffineMap() {
    Linear layer = new Linear(2, 1);
    layer.load(
        dev.proteus.state.StateDict.of(
            Map.of("weight", Tensor.of(new double[] {2, 3}, 1, 2), "bias", Tensor.of(10.0))));
    assertEquals(42, layer.forward(Tensor.of(4.0, 8.0)).item());
  }

  @Test
  void batchNormKeepsStatisticsInTrainingAndUsesThemAfter() {
    BatchNorm1d norm = new BatchNorm1d(1);
    Tensor x = Tensor.of(new double[] {1, 2, 3, 6}, 4, 1);
    Tensor y = norm.forward(x);
    assertEquals(0, y.sum().item(), 1e-5);
    assertEquals(1, norm.buffer("num_batches_tracked").itemLong());
    assertEquals(0.3, norm.buffer("running_mean").item(), 1e-6);
    assertEquals(0.9 + 0.1 * 14.0 / 3, norm.buffer("running_var").item(), 1e-6, "unbiased");
    assertFalse(norm.buffer("running_mean").requiresGrad());
    norm.eval();
    double expected = (6 - 0.3) / Math.sqrt(0.9 + 0.1 * 14.0 / 3 + 1e-5);
    assertEquals(expected, norm.forward(x).select(0, 3).item(), 1e-5);
    assertEquals(1, norm.buffer("num_batches_tracked").itemLong());
  }

  @Test
  void batchNormCanAverageAllBatchesOrKeepNothing() {
    BatchNorm1d mean = new BatchNorm1d(1, BatchNormOptions.DEFAULT.withCumulativeAverage());
    mean.forward(Tensor.of(new double[] {1, 3}, 2, 1));
    mean.forward(Tensor.of(new double[] {5, 7}, 2, 1));
    assertEquals(4, mean.buffer("running_mean").item(), 1e-6);
    BatchNorm1d bare =
        new BatchNorm1d(
            1, BatchNormOptions.DEFAULT.withStatistics(BatchNormOptions.Statistics.BATCH));
    bare.eval();
    assertTrue(bare.namedBuffers().isEmpty());
    Tensor y = bare.forward(Tensor.of(new double[] {1, 3}, 2, 1));
    assertArrayEquals(new double[] {-1, 1}, y.toDoubleArray(), 1e-4);
  }

  @Test
  void batchNormChecksItsAxesAndNeedsMoreThanOneValue() {
    assertThrows(ShapeException.class, () -> new BatchNorm2d(4).forward(Tensor.ones(2, 4)));
    assertThrows(ShapeException.class, () -> new BatchNorm1d(4).forward(Tensor.ones(2, 4, 1, 1)));
    assertThrows(
        IllegalArgumentException.class, () -> new BatchNorm1d(4).forward(Tensor.ones(1, 4)));
  }

  @Test
  void dropoutScalesInTrainingAndDoesNothingAfter() {
    Dropout dropout = new Dropout(0.25);
    Tensor x = Tensor.ones(1000);
    Tensor y = Scope.withGenerator(new Generator(1), () -> dropout.forward(x));
    Tensor again = Scope.withGenerator(new Generator(1), () -> dropout.forward(x));
    assertArrayEquals(y.toDoubleArray(), again.toDoubleArray());
    assertEquals(750, y.countNonzero().item(), 60);
    assertEquals(1 / 0.75, y.max().item(), 1e-6);
    assertSame(x, dropout.eval().forward(x));
    assertThrows(IllegalArgumentException.class, () -> new Dropout(1.5));
  }

  @Test
  void embeddingHasARowOfPadding() {
    Embedding table = new Embedding(4, 2, OptionalLong.of(-1));
    assertEquals(0, table.weight().select(0, 3).abs().sum().item());
    Tensor y = table.forward(Tensor.of(new long[] {3, 1, 1}, 3));
    assertEquals(Shape.of(3, 2), y.shape());
    y.sum().backward();
    Tensor grad = table.weight().grad().orElseThrow();
    assertArrayEquals(new double[] {0, 0, 2, 2, 0, 0, 0, 0}, grad.toDoubleArray());
  }

  @Test
  void containersNameTheirModules() {
    SequencedMap<String, Layer> named = new LinkedHashMap<>();
    named.put("in", new Linear(2, 3));
    named.put("act", new Relu());
    Sequential sequential = new Sequential(named);
    assertEquals(
        List.of("in.weight", "in.bias"), List.copyOf(sequential.namedParameters().keySet()));
    assertEquals(2, sequential.size());
    ModuleList<Linear> list = new ModuleList<>(List.of(new Linear(1, 1)));
    Linear second = list.add(new Linear(1, 1, Bias.NONE));
    assertSame(second, list.get(1));
    assertEquals(
        List.of("0.weight", "0.bias", "1.weight"), List.copyOf(list.namedParameters().keySet()));
    ModuleDict<Module> dict = new ModuleDict<>();
    dict.put("list", list);
    assertSame(list, dict.get("list").orElseThrow());
    assertTrue(dict.get("none").isEmpty());
    assertEquals(3, dict.parameters().size());
  }

  @Test
  void lossesAreModulesAndMoveTheirWeights() {
    Tensor logits = Tensor.of(new double[] {1, 2, 3}, 1, 3);
    Tensor target = Tensor.of(2L);
    assertEquals(0.4076060, new CrossEntropyLoss().forward(logits, target).item(), 1e-6);
    Tensor weight = Tensor.of(1.0, 1.0, 5.0);
    CrossEntropyLoss weighted =
        new CrossEntropyLoss(CrossEntropy.MEAN.withReduction(Reduction.SUM), weight);
    assertEquals(5 * 0.4076060, weighted.forward(logits, target).item(), 1e-5);
    weighted.to(DType.FLOAT64);
    assertEquals(DType.FLOAT64, weighted.buffer("weight").dtype());
    assertEquals(List.of("weight"), List.copyOf(weighted.stateDict().tensors().keySet()));
    Tensor log = logits.logSoftmax(1);
    assertEquals(0.4076060, new NllLoss().forward(log, target).item(), 1e-6);
    Tensor x = Tensor.of(0.25, 0.5);
    Tensor y = Tensor.of(1.0, 0.0);
    assertEquals((0.5625 + 0.25) / 2, new MseLoss().forward(x, y).item(), 1e-6);
    assertEquals(1.25, new L1Loss(Reduction.SUM).forward(x, y).item(), 1e-6);
    assertEquals((0.28125 + 0.125) / 2, new SmoothL1Loss().forward(x, y).item(), 1e-6);
    assertEquals((0.28125 + 0.125) / 2, new HuberLoss().forward(x, y).item(), 1e-6);
    double bce = (-Math.log(0.25) - Math.log(0.5)) / 2;
    assertEquals(bce, new BceLoss().forward(x, y).item(), 1e-6);
    assertEquals(bce, new BceWithLogitsLoss().forward(x.logit(), y).item(), 1e-5);
    Tensor positive = Tensor.of(2.0, 1.0);
    assertEquals(
        (-2 * Math.log(0.25) - Math.log(0.5)) / 2,
        new BceWithLogitsLoss(positive, Reduction.MEAN).forward(x.logit(), y).item(),
        1e-5);
    Tensor p = Tensor.of(0.5, 0.5);
    assertEquals(
        0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75),
        new KlDivLoss(Scale.LINEAR, Reduction.SUM).forward(Tensor.of(0.25, 0.75).log(), p).item(),
        1e-6);
  }

  @Test
  void aParameterMayBeSharedByTwoLayers() {
    final class Tied extends Layer {
      private final Embedding table = module("table", new Embedding(5, 3));
      private final Parameter again = parameter("again", table.weight());

      @Override
      protected Tensor compute(Tensor input) {
        return table.forward(input).linear(again);
      }
    }
    Tied tied = new Tied();
    tied.to(DType.FLOAT64);
    tied.forward(Tensor.scalar(Scalar.of(1L)).reshape(1)).sum().backward();
    assertEquals(1, tied.parameters().size());
    assertEquals(DType.FLOAT64, tied.parameter("again").grad().orElseThrow().dtype());
  }
}
