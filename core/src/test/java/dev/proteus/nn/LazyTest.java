package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.StateDictException;
import dev.proteus.op.ConvOptions;
import dev.proteus.op.ConvTransposeOptions;
import dev.proteus.optim.Sgd;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Snapshot;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Tensors and layers whose shapes come later.
class LazyTest {
  private static String message(Class<? extends Exception> type, Executable call) {
    return String.valueOf(assertThrows(type, call).getMessage());
  }

  // ---- SD-60

  @Test
  void sd60TypeAndDeviceAreKnownAndNothingElseIs() {
    Parameter p = Parameter.uninitialized();
    assertTrue(p.isUninitialized() && p.requiresGrad() && p.isLeaf());
    assertEquals(DType.FLOAT32, p.dtype());
    assertEquals(Scope.device(), p.device());
    for (Executable read : List.<Executable>of(p::shape, p::spec, p::rank, p::numel, p::layout)) {
      String text = message(IllegalStateException.class, read);
      assertTrue(text.contains("uninitialized, float32@"), text);
      assertTrue(text.contains("forward"), "says what to do: " + text);
    }
    assertEquals("tensor(uninitialized, dtype=float32, device=%s)".formatted(p.device()), "" + p);
  }

  @Test
  void sd60NoOperatorTakesIt() {
    Parameter p = Parameter.uninitialized();
    Tensor x = Tensor.ones(2, 2);
    for (Executable call :
        List.<Executable>of(
            () -> p.add(1),
            () -> x.mul(p),
            () -> x.matmul(p),
            () -> x.add_(p),
            () -> p.fill_(0),
            () -> p.copy_(x),
            () -> x.copy_(p),
            () -> p.view(1),
            () -> Tensor.cat(List.of(x, p), 0),
            p::toDoubleArray,
            () -> p.sum().backward())) {
      assertTrue(message(IllegalStateException.class, call).contains("uninitialized"));
    }
    assertArrayEquals(new double[] {1, 1, 1, 1}, x.toDoubleArray());
  }

  @Test
  void sd60CastsMovesAndCopiesAreUninitializedToo() {
    Parameter p = Parameter.uninitialized();
    assertSame(p, p.to(DType.FLOAT32));
    assertSame(p, p.to(p.device()));
    Tensor half = p.to(DType.FLOAT16);
    assertTrue(half.isUninitialized());
    assertEquals(DType.FLOAT16, half.dtype());
    Tensor moved = p.to(Device.META, DType.FLOAT64);
    assertTrue(moved.isUninitialized());
    assertEquals(Device.META, moved.device());
    assertEquals(DType.FLOAT64, moved.dtype());
    assertTrue(p.detach().isUninitialized() && p.clone().isUninitialized());
  }

  // ---- SD-61

  @Test
  void sd61MaterializeKeepsTheIdentity() {
    Parameter p = Parameter.uninitialized();
    p.materialize(Shape.of(2, 3));
    assertEquals(Shape.of(2, 3), p.shape());
    assertTrue(p.requiresGrad() && p.isLeaf() && !p.isUninitialized());
    p.sum().backward();
    assertEquals(Shape.of(2, 3), p.grad().orElseThrow().shape());
    Buffer b = Buffer.uninitialized();
    b.materialize(Shape.of(4), Device.META, DType.INT64);
    assertEquals(Device.META, b.device());
    assertEquals(DType.INT64, b.dtype());
    assertTrue(
        message(IllegalStateException.class, () -> p.materialize(Shape.of(1)))
            .contains("initialized already"));
    Parameter q = Parameter.uninitialized();
    assertThrows(DTypeException.class, () -> q.materialize(Shape.of(1), q.device(), DType.INT32));
    assertTrue(q.isUninitialized());
  }

  @Test
  void sd61ASnapshotFromBeforeDoesNotMakeItLoseItsValues() {
    Parameter p = Parameter.uninitialized();
    try (Snapshot before = Snapshot.of(List.of(p))) {
      p.materialize(Shape.of(2));
      Scope.noGrad(() -> p.fill_(3));
      assertThrows(
          IllegalStateException.class,
          () ->
              before.run(() -> {
                p.materialize(Shape.of(1));
                return p;
              }));
    }
    assertArrayEquals(new double[] {3, 3}, p.toDoubleArray());
  }

  @Test
  void sd61AnOptimizerMadeBeforeTrainsWhatTheFirstForwardMakes() {
    Linear layer = Linear.lazy(1, Bias.NONE);
    Parameter weight = layer.weight();
    Sgd sgd = new Sgd(layer.parameters(), 0.1);
    sgd.step();
    sgd.zeroGrad();
    layer.forward(Tensor.ones(1, 3)).sum().backward();
    assertSame(weight, layer.weight());
    double[] before = weight.toDoubleArray();
    sgd.step();
    for (int i = 0; i < 3; i++) {
      assertEquals(before[i] - 0.1, weight.toDoubleArray()[i], 1e-6);
    }
  }

  @Test
  void sd61AfterTheFirstForwardALazyLayerIsTheEagerOne() {
    sameAs(() -> new Linear(3, 2), () -> Linear.lazy(2), Tensor.randn(4, 3));
    sameAs(
        () -> new Conv1d(4, 6, List.of(3), ConvOptions.DEFAULT.withGroups(2), Bias.LEARNED),
        () -> Conv1d.lazy(6, List.of(3), ConvOptions.DEFAULT.withGroups(2), Bias.LEARNED),
        Tensor.randn(2, 4, 9));
    sameAs(() -> new Conv2d(3, 2, 3), () -> Conv2d.lazy(2, 3), Tensor.randn(3, 5, 5));
    sameAs(() -> new Conv3d(1, 2, 2), () -> Conv3d.lazy(2, 2), Tensor.randn(2, 1, 3, 3, 3));
    sameAs(() -> new ConvTranspose1d(3, 2, 3), () -> ConvTranspose1d.lazy(2, 3), t(2, 3, 5));
    sameAs(() -> new ConvTranspose2d(3, 2, 3), () -> ConvTranspose2d.lazy(2, 3), t(2, 3, 5, 5));
    var options = ConvTransposeOptions.DEFAULT.withGroups(2);
    sameAs(
        () -> new ConvTranspose3d(2, 4, List.of(2, 2, 2), options, Bias.NONE),
        () -> ConvTranspose3d.lazy(4, List.of(2, 2, 2), options, Bias.NONE),
        t(1, 2, 3, 3, 3));
    sameAs(() -> new BatchNorm1d(3), BatchNorm1d::lazy, t(4, 3));
    sameAs(() -> new BatchNorm2d(3), BatchNorm2d::lazy, t(4, 3, 2, 2));
    sameAs(() -> new BatchNorm3d(3), BatchNorm3d::lazy, t(4, 3, 2, 2, 2));
  }

  private static Tensor t(long... sizes) {
    return Tensor.randn(sizes);
  }

  /// The same seed gives the same layer, type, text and state.
  private static void sameAs(Supplier<Layer> eager, Supplier<Layer> lazy, Tensor input) {
    Layer known = Scope.withGenerator(new Generator(5), eager);
    Layer late = lazy.get();
    assertTrue(late.toString().contains("?"), late.toString());
    Tensor expected = known.forward(input);
    Tensor actual = Scope.withGenerator(new Generator(5), () -> late.forward(input));
    assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), late.toString());
    assertSame(known.getClass(), late.getClass());
    assertEquals(known.toString(), late.toString());
    assertEquals(known.stateDict().toString(), late.stateDict().toString());
  }

  @Test
  void sd61TheFirstInputIsTheOneThatTheLayerComputesWith() {
    Linear layer = Linear.lazy(2);
    layer.registerForwardPreHook(
        (_, inputs) -> Optional.of(List.of(inputs.getFirst().narrow(1, 0, 2))));
    layer.forward(Tensor.ones(1, 5));
    assertEquals(Shape.of(2, 2), layer.weight().shape());
    layer.forward(Tensor.ones(7, 5));
  }

  @Test
  void sd61InferenceMayBeFirstAndTrainingCanFollow() {
    Linear layer = Linear.lazy(2);
    Scope.inference(() -> Scope.memory(() -> layer.forward(Tensor.ones(1, 3))));
    layer.forward(Tensor.ones(1, 3)).sum().backward();
    assertTrue(layer.weight().grad().isPresent());
  }

  @Test
  void sd61AnInputThatDoesNotFitInitialisesNothing() {
    BatchNorm2d norm = BatchNorm2d.lazy();
    String text = message(ShapeException.class, () -> norm.forward(Tensor.ones(2, 3)));
    assertTrue(text.contains("BatchNorm2d") && text.contains("4 axes"), text);
    Conv1d conv = Conv1d.lazy(4, List.of(1), ConvOptions.DEFAULT.withGroups(2), Bias.LEARNED);
    assertThrows(IllegalArgumentException.class, () -> conv.forward(Tensor.ones(1, 3, 5)));
    norm.namedBuffers()
        .forEach((name, b) ->
            assertEquals(!name.equals("num_batches_tracked"), b.isUninitialized(), name));
    conv.parameters().forEach(p -> assertTrue(p.isUninitialized()));
    conv.forward(Tensor.ones(1, 2, 5));
    assertEquals(Shape.of(4, 1, 1), conv.weight().shape());
  }

  // ---- SD-62

  private static final class Forgetful extends Layer {
    private final Parameter first = parameter("first", Parameter.uninitialized());
    private final Buffer second = buffer("second", Buffer.uninitialized(), Persistence.TRANSIENT);

    Forgetful() {
      onFirstInput(first, x -> x);
    }

    @Override
    protected Tensor compute(Tensor input) {
      return input.add(first).add(second);
    }
  }

  @Test
  void sd62WhatIsLeftOverIsNamed() {
    Forgetful layer = new Forgetful();
    Tensor input = Tensor.ones(3);
    String text = message(IllegalStateException.class, () -> layer.forward(input));
    assertTrue(text.contains("Forgetful has not been fully initialized"), text);
    assertTrue(text.contains("'second'"), text);
    layer.second.materialize(Shape.of(3));
    Scope.noGrad(() -> layer.second.fill_(5));
    input.fill_(7);
    assertArrayEquals(
        new double[] {13, 13, 13}, layer.forward(input).toDoubleArray(), "no alias of the input");
  }

  // ---- SD-63

  @Test
  void sd63ALoadMaterializesAndTheForwardKeepsIt() {
    for (LoadOptions options : List.of(LoadOptions.DEFAULT, LoadOptions.DEFAULT.assign())) {
      Linear real = new Linear(3, 2);
      Linear lazy = Linear.lazy(2);
      Parameter weight = lazy.weight();
      StateDict state = real.stateDict();
      lazy.load(state, options);
      assertSame(weight, lazy.weight());
      assertTrue(weight.requiresGrad());
      assertEquals("Linear(in=3, out=2)", lazy.toString());
      assertEquals(options != LoadOptions.DEFAULT, weight.sharesStorageWith(real.weight()));
      lazy.forward(Tensor.ones(1, 3));
      assertArrayEquals(real.weight().toDoubleArray(), weight.toDoubleArray());
    }
  }

  @Test
  void sd63ALoadKeepsTheTypeOfTheTarget() {
    Linear lazy = Linear.lazy(2);
    lazy.to(DType.FLOAT64);
    lazy.load(new Linear(3, 2).stateDict());
    assertEquals(DType.FLOAT64, lazy.weight().dtype());
  }

  @Test
  void sd63UninitializedFitsUninitializedOnly() {
    Linear lazy = Linear.lazy(2);
    StateDict empty = Linear.lazy(2).stateDict();
    assertTrue(empty.toString().contains("uninitialized"), empty.toString());
    assertTrue(empty.copy().tensors().firstEntry().getValue().isUninitialized());
    lazy.load(empty);
    lazy.load(empty, LoadOptions.DEFAULT.assign());
    assertTrue(lazy.weight().isUninitialized());
    Linear real = new Linear(3, 2);
    double[] before = real.weight().toDoubleArray();
    String text = message(StateDictException.class, () -> real.load(empty));
    assertTrue(text.contains("'weight': the given tensor is uninitialized"), text);
    assertArrayEquals(before, real.weight().toDoubleArray());
    lazy.forward(Tensor.ones(1, 5));
    assertEquals(Shape.of(2, 5), lazy.weight().shape());
  }

  // ---- SD-64

  @Test
  void sd64ConversionLeavesALazyLayerLazy() {
    Sequential model = new Sequential(Conv2d.lazy(4, 3), BatchNorm2d.lazy(), new Linear(3, 2));
    List<Parameter> parameters = model.parameters();
    model.to(DType.FLOAT64);
    assertEquals(parameters, model.parameters(), "identity is equality");
    assertTrue(model.parameter("0.weight").isUninitialized());
    assertTrue(model.buffer("1.running_mean").isUninitialized());
    assertEquals(DType.FLOAT64, model.parameter("0.weight").dtype());
    assertTrue(model.parameter("0.weight").requiresGrad());
    model.to(Device.META);
    assertEquals(Device.META, model.parameter("0.weight").device());
    model.toEmpty(Scope.device());
    assertTrue(model.parameter("0.weight").isUninitialized());
    model.forward(Tensor.randn(2, 3, 5, 5).to(DType.FLOAT64));
    assertEquals(DType.FLOAT64, model.parameter("0.weight").dtype());
    assertEquals(DType.FLOAT64, model.buffer("1.running_mean").dtype());
    assertEquals(Scope.device(), model.parameter("0.weight").device());
    model.parameters().forEach(p -> assertFalse(p.isUninitialized()));
  }

  @Test
  void sd64ALazySkeletonOnMetaGetsShapesWithoutData() {
    Sequential model = Scope.on(Device.META, () -> new Sequential(Linear.lazy(4), Linear.lazy(1)));
    Tensor out = model.forward(Scope.on(Device.META, () -> Tensor.ones(2, 3)));
    assertEquals(Shape.of(2, 1), out.shape());
    assertEquals(Shape.of(4, 3), model.parameter("0.weight").shape());
    assertEquals(Device.META, model.parameter("1.weight").device());
  }

  @Test
  void sd64ALazySkeletonIsMaterializedWithTheValuesOfItsSeed() {
    Sequential model = Scope.on(Device.META, () -> new Sequential(Linear.lazy(4), Linear.lazy(1)));
    assertTrue(model.metaReport().isEmpty(), "nothing is there that could be given values");
    model.module("0").materialize(Scope.device());
    assertTrue(model.parameter("0.weight").isUninitialized());
    assertEquals(Scope.device(), model.parameter("0.weight").device());
    Layer second = (Layer) model.module("1");
    second.forward(Scope.on(Device.META, () -> Tensor.ones(2, 3)));
    Scope.withGenerator(new Generator(5), () -> second.materialize(Scope.device()));
    Linear eager = Scope.withGenerator(new Generator(5), () -> new Linear(3, 1));
    assertArrayEquals(eager.weight().toDoubleArray(), model.parameter("1.weight").toDoubleArray());
  }

  /// As in docs/lazy-and-parametrized.md.
  private static final class Scale extends Layer {
    private final Parameter factor = parameter("factor", Parameter.uninitialized());

    Scale() {
      onFirstInput(factor, x -> Tensor.ones(x.size(-1)));
    }

    @Override
    protected Tensor compute(Tensor input) {
      return input.mul(factor);
    }
  }

  @Test
  void sd61ALayerOfOnesOwn() {
    Scale layer = new Scale();
    layer.to(DType.FLOAT64);
    layer.forward(Tensor.ones(2, 3).to(DType.FLOAT64)).sum().backward();
    assertEquals(DType.FLOAT64, layer.factor.dtype());
    assertArrayEquals(new double[] {2, 2, 2}, layer.factor.grad().orElseThrow().toDoubleArray());
  }
}
