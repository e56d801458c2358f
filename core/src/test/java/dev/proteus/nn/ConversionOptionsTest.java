package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.error.StaleGraphException;
import dev.proteus.error.SwapRefusedException;
import dev.proteus.op.Reduction;
import dev.proteus.reference.Faults;
import dev.proteus.reference.OnReference;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.spi.Backends;
import dev.proteus.state.LoadOptions;
import dev.proteus.tensor.BodyChange;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.SwapPolicy;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/// Converting modules with more said than where to.
@Isolated("measures memory")
@ExtendWith(OnReference.class)
class ConversionOptionsTest {
  private static final Device HERE = ReferenceProvider.DEVICE;
  private static final Device THERE = ReferenceProvider.SECOND;

  /// Counts how often it heard of new contents.
  private static final class Watching extends Layer {
    private final Linear child = module("child", new Linear(2, 2));
    private int told;

    Watching() {
      parameter("own", () -> Tensor.ones(2));
    }

    @Override
    protected Tensor compute(Tensor input) {
      return child.forward(input);
    }

    @Override
    protected void onBodiesReplaced() {
      assertEquals(child.weight().dtype(), parameter("own").dtype(), "all is in place already");
      told++;
    }
  }

  @Test
  void to1FormsMayBeCombinedAndNoneChangesNothing() {
    Linear layer = new Linear(2, 1);
    Tensor alias = layer.weight().detach();
    assertSame(layer, layer.to(Conversion.NONE));
    assertTrue(layer.weight().sharesStorageWith(alias));
    layer.to(Conversion.to(DType.FLOAT64).device(THERE));
    assertEquals(THERE, layer.weight().device());
    assertEquals(DType.FLOAT64, layer.weight().dtype());
    assertSame(layer, layer.to(Tensor.of(1.0)));
    assertEquals(HERE, layer.weight().device());
    assertEquals(DType.FLOAT32, layer.weight().dtype());
    assertThrows(DTypeException.class, () -> layer.to(Tensor.of(1L)), "rule TO-2");
    assertThrows(DTypeException.class, () -> Conversion.to(DType.INT8));
  }

  @Test
  void to4ChannelsVaryFastestWhereThereAreChannels() {
    Conv2d conv = new Conv2d(3, 4, 3);
    Parameter weight = conv.parameter("weight");
    double[] values = weight.toDoubleArray();
    Tensor image = Tensor.randn(1, 3, 5, 5);
    double[] expected = conv.forward(image).toDoubleArray();
    conv.to(Conversion.NONE.channelsLast());
    assertArrayEquals(new long[] {27, 1, 9, 3}, weight.layout().strides());
    assertArrayEquals(values, weight.toDoubleArray());
    assertTrue(weight.isLeaf() && weight.requiresGrad() && !weight.isView());
    assertTrue(conv.parameter("bias").isContiguous());
    assertArrayEquals(expected, conv.forward(image).toDoubleArray(), 1e-5);
    Tensor alias = weight.detach();
    conv.to(Conversion.NONE.channelsLast());
    assertTrue(weight.sharesStorageWith(alias), "it lies so already");
    conv.to(DType.FLOAT64);
    assertArrayEquals(new long[] {27, 1, 9, 3}, weight.layout().strides());
    Conv3d deep = new Conv3d(2, 2, 2);
    deep.to(Conversion.NONE.channelsLast());
    assertEquals(1, deep.parameter("weight").layout().stride(1));
  }

  @Test
  void to9OneModuleWithoutItsChildren() {
    Watching module = new Watching();
    double[] values = module.child.weight().toDoubleArray();
    assertSame(module, module.toEmpty(HERE, Recurse.SELF));
    assertArrayEquals(values, module.child.weight().toDoubleArray());
    module.to(Device.META);
    module.toEmpty(HERE, Recurse.SELF);
    assertEquals(HERE, module.parameter("own").device());
    assertEquals(Device.META, module.child.weight().device());
  }

  @Test
  void to29bModulesHearThatTheirTensorsHaveOtherContents() {
    Watching module = new Watching();
    module.to(DType.FLOAT32);
    assertEquals(0, module.told, "nothing changed");
    module.to(DType.FLOAT64);
    assertEquals(1, module.told);
    module.to(Conversion.to(DType.FLOAT32).lowMemory());
    assertEquals(2, module.told);
    module.load(module.stateDict().copy(), LoadOptions.DEFAULT.assign());
    assertEquals(3, module.told);
  }

  @Test
  void to45PinnedTensorsKeepTheirTypeAndMove() {
    Linear layer = new Linear(2, 2);
    Parameter weight = layer.weight().pinDType();
    layer.forward(Tensor.ones(1, 2)).sum().backward();
    weight.setGrad(Tensor.full(weight.shape(), Scalar.of(1 / 3.0), DType.FLOAT32));
    double[] values = weight.toDoubleArray();
    layer.to(DType.BFLOAT16);
    assertEquals(DType.FLOAT32, weight.dtype());
    assertArrayEquals(values, weight.toDoubleArray(), "not cast down and up");
    assertEquals(DType.FLOAT32, weight.grad().orElseThrow().dtype());
    assertEquals(DType.BFLOAT16, layer.bias().orElseThrow().dtype());
    layer.to(Conversion.to(DType.FLOAT16).device(THERE));
    assertEquals(THERE, weight.device());
    assertEquals(DType.FLOAT32, weight.dtype());
    assertTrue(weight.isDTypePinned());
    weight.unpinDType();
    layer.to(DType.FLOAT64);
    assertEquals(DType.FLOAT64, weight.dtype());
  }

  @Test
  void to45PinnedBuffersToo() {
    BatchNorm1d norm = new BatchNorm1d(2);
    Buffer mean = norm.buffer("running_mean").pinDType();
    norm.to(DType.FLOAT16);
    assertEquals(DType.FLOAT32, mean.dtype());
    assertEquals(DType.FLOAT16, norm.buffer("running_var").dtype());
    norm.requiresGrad_(false);
    norm.type(DType.INT32);
    assertEquals(DType.FLOAT32, mean.dtype());
    assertTrue(mean.isDTypePinned());
    mean.unpinDType();
    norm.type(DType.INT32);
    assertEquals(DType.INT32, mean.dtype());
  }

  @Test
  void sw35To27RetargetedGradientsArriveAtTheConvertedParameters() {
    Linear layer = new Linear(2, 1);
    Linear same = new Linear(2, 1);
    same.load(layer.stateDict());
    Tensor input = Tensor.of(new double[] {1, 3}, 1, 2);
    Tensor loss = layer.forward(input).square().sum();
    same.forward(input).square().sum().backward();
    layer.to(Conversion.to(DType.BFLOAT16).device(THERE).policy(SwapPolicy.RETARGET));
    loss.backward();
    Tensor grad = layer.weight().grad().orElseThrow();
    assertEquals(DType.BFLOAT16, grad.dtype());
    assertEquals(THERE, grad.device());
    Tensor expected = same.weight().grad().orElseThrow().to(DType.BFLOAT16);
    assertArrayEquals(expected.toDoubleArray(), grad.toDoubleArray());
    Tensor again = layer.forward(input.to(THERE, DType.BFLOAT16)).sum();
    layer.to(DType.FLOAT32);
    assertThrows(StaleGraphException.class, again::backward, "said once, for one conversion");
  }

  @Test
  void sw41To33AViewedParameterIsRefusedOnRequestAndNothingChanges() {
    Linear layer = new Linear(2, 2);
    Tensor view = Scope.noGrad(() -> layer.bias().orElseThrow().narrow(0, 0, 1));
    Conversion strict = Conversion.to(DType.FLOAT64).policy(SwapPolicy.REFUSE_IF_VIEWED);
    assertThrows(SwapRefusedException.class, () -> layer.to(strict));
    assertEquals(DType.FLOAT32, layer.weight().dtype());
    assertEquals(1, view.numel());
  }

  @Test
  void sw51EachWayHasItsCause() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    List<BodyChange.Cause> causes = new ArrayList<>();
    HookHandle handle = layer.weight().onBodyChange(change -> causes.add(change.cause()));
    layer.to(DType.FLOAT64).to(DType.FLOAT64);
    layer.toEmpty(HERE);
    layer.load(layer.stateDict().copy(), LoadOptions.DEFAULT.assign());
    layer.to(Device.META);
    layer.materialize(HERE);
    Tensor.swap(layer.weight(), Tensor.of(1.0));
    assertEquals(
        List.of(
            BodyChange.Cause.CONVERT,
            BodyChange.Cause.MATERIALIZE,
            BodyChange.Cause.LOAD,
            BodyChange.Cause.CONVERT,
            BodyChange.Cause.MATERIALIZE,
            BodyChange.Cause.SWAP),
        causes);
    handle.remove();
  }

  // ---- memory

  @Test
  void to33LowMemoryNeedsRoomForOneTensorMore() {
    Sequential model =
        Scope.memory(() ->
            new Sequential(
                new Linear(50, 50, Bias.NONE),
                new Linear(50, 50, Bias.NONE),
                new Linear(50, 50, Bias.NONE)));
    long before = Backends.of(HERE).memory().live();
    long[] most = {0};
    HookHandle handle = watch(model, () -> Backends.of(HERE).memory().live(), most);
    model.to(Conversion.to(DType.FLOAT64).lowMemory());
    assertEquals(before + 30_000, Backends.of(HERE).memory().live());
    assertTrue(most[0] <= before + 30_000, "each was freed before the next was made");
    handle.remove();
  }

  private static HookHandle watch(Module model, Supplier<Long> live, long[] most) {
    List<HookHandle> handles = new ArrayList<>();
    model
        .parameters()
        .forEach(p -> handles.add(p.onBodyChange(_ -> most[0] = Math.max(most[0], live.get()))));
    return () -> handles.forEach(HookHandle::remove);
  }

  @Test
  void to32To34TheErrorNamesThePathAndTheBytesAndKeepsItsCause() {
    Sequential model = new Sequential(new Linear(2, 2), new Linear(2, 2));
    var error =
        assertThrows(
            DeviceOutOfMemoryException.class, () -> thrown(2, () -> model.to(DType.FLOAT64)));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("'1.weight'"), message);
    assertTrue(message.contains("96 bytes in all"), message);
    assertTrue(message.contains("bytes are in use on reference:0"), message);
    assertTrue(String.valueOf(error.getCause()).contains("on purpose"));
  }

  private static void thrown(long after, Runnable action) {
    DeviceOutOfMemoryException[] error = {null};
    Faults.after(
        after,
        () -> {
          try {
            action.run();
          } catch (DeviceOutOfMemoryException e) {
            error[0] = e;
            throw e;
          }
        });
    throw error[0];
  }

  @Test
  void to33WhatCannotBeRestoredExactlyIsNamed() {
    Sequential model = new Sequential(new Linear(2, 2), new Linear(2, 2));
    Conversion narrow = Conversion.to(DType.BFLOAT16).lowMemory();
    var error =
        assertThrows(DeviceOutOfMemoryException.class, () -> thrown(1, () -> model.to(narrow)));
    assertEquals(DType.FLOAT32, model.parameter("0.weight").dtype());
    assertTrue(String.valueOf(error.getSuppressed()[0].getMessage()).contains("0.weight"));
    assertTrue(String.valueOf(error.getMessage()).contains("converted back"));
  }

  // ---- skeletons

  private static Sequential network() {
    return new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Linear(4, 2));
  }

  @Test
  void md14Md15AMaterializedSkeletonIsWhatItWouldHaveBeen() {
    Sequential real = Scope.withGenerator(new Generator(5), ConversionOptionsTest::network);
    Sequential skeleton = Scope.on(Device.META, ConversionOptionsTest::network);
    assertEquals(9, skeleton.metaReport().size());
    assertEquals("0.weight", skeleton.metaReport().getFirst());
    List<Parameter> parameters = skeleton.parameters();
    Scope.withGenerator(new Generator(5), () -> skeleton.materialize(THERE));
    assertEquals(List.of(), skeleton.metaReport());
    assertEquals(parameters, skeleton.parameters());
    real.stateDict()
        .tensors()
        .forEach((name, t) ->
            assertArrayEquals(
                t.toDoubleArray(), skeleton.stateDict().get(name).toDoubleArray(), name));
    assertEquals(THERE, skeleton.buffer("1.running_var").device());
    assertTrue(parameters.getFirst().requiresGrad());
  }

  @Test
  void md15WhatHasValuesKeepsThemAndWhatHasNoneToGetIsRefused() {
    Linear skeleton = Scope.on(Device.META, () -> new Linear(2, 2));
    Tensor sevens = Tensor.full(skeleton.weight().shape(), Scalar.of(7.0), DType.FLOAT32);
    Tensor.swap(skeleton.weight(), Parameter.of(sevens));
    skeleton.materialize(HERE);
    assertEquals(28, skeleton.weight().sum().item());
    Tensor given = Scope.on(Device.META, () -> Tensor.ones(2));
    BceWithLogitsLoss loss = new BceWithLogitsLoss(given, Reduction.MEAN);
    Sequential both = Scope.on(Device.META, () -> new Sequential(new Linear(2, 2)));
    var module =
        new Module() {
          {
            module("net", both);
            module("loss", loss);
          }
        };
    var error = assertThrows(IllegalStateException.class, () -> module.materialize(HERE));
    assertTrue(String.valueOf(error.getMessage()).contains("loss.pos_weight"), error.getMessage());
    assertEquals(3, module.metaReport().size(), "nothing has changed");
  }

  @Test
  void md15ResetDrawsInitialValuesAgain() {
    Linear layer = Scope.withGenerator(new Generator(3), () -> new Linear(2, 2));
    Parameter weight = layer.weight();
    double[] first = weight.toDoubleArray();
    Init.zeros_(weight);
    Scope.withGenerator(
        new Generator(3),
        () -> {
          layer.resetParameters();
          return layer;
        });
    assertArrayEquals(first, weight.toDoubleArray());
    assertSame(weight, layer.weight());
  }
}
