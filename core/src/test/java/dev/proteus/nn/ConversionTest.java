package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.BackendUnavailableException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.error.NoDataException;
import dev.proteus.error.StaleGraphException;
import dev.proteus.spi.Backends;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Call;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Moving and converting modules: contents change, tensors stay.
@Isolated("measures memory")
class ConversionTest {
  private static final Device DEVICE = Scope.device();

  private static Sequential model() {
    return new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Relu(), new Linear(4, 2));
  }

  private static Sequential trained() {
    Sequential model = model();
    model.forward(Tensor.randn(5, 3)).sum().backward();
    return model;
  }

  @Test
  void to2OnlyFloatingTypesAndNothingChanges() {
    Sequential model = trained();
    int version = model.parameter("0.weight").version();
    assertThrows(DTypeException.class, () -> model.to(DType.INT64));
    assertThrows(DTypeException.class, () -> model.to(DEVICE, DType.BOOL));
    assertEquals(DType.FLOAT32, model.parameter("0.weight").dtype());
    assertEquals(version, model.parameter("0.weight").version());
  }

  @Test
  void to5AMissingBackendIsNamedBeforeAnyChange() {
    Sequential model = model();
    Device missing = Device.parse("abacus:0");
    var error = assertThrows(BackendUnavailableException.class, () -> model.to(missing));
    assertTrue(String.valueOf(error.getMessage()).contains("proteus-backend-abacus"));
    assertThrows(BackendUnavailableException.class, () -> model.toEmpty(missing));
    assertEquals(DEVICE, model.parameter("3.bias").device());
  }

  @Test
  void to6To11To26IdentityStaysAndIntegersKeepTheirType() {
    Sequential model = trained();
    List<Parameter> parameters = model.parameters();
    Buffer mean = model.buffer("1.running_mean");
    Tensor grad = parameters.getFirst().grad().orElseThrow();
    double[] values = parameters.getFirst().toDoubleArray();
    assertSame(model, model.to(DType.FLOAT64));
    assertEquals(parameters, model.parameters(), "identity is equality");
    assertSame(mean, model.buffer("1.running_mean"), "rule TO-28");
    assertEquals(DType.FLOAT64, mean.dtype());
    assertEquals(DType.INT64, model.buffer("1.num_batches_tracked").dtype());
    assertEquals(1, model.buffer("1.num_batches_tracked").itemLong());
    for (Parameter p : parameters) {
      assertEquals(DType.FLOAT64, p.dtype());
      assertTrue(p.requiresGrad() && p.isLeaf(), "rules TO-15, TO-16");
    }
    assertSame(grad, parameters.getFirst().grad().orElseThrow(), "rule TO-14");
    assertEquals(DType.FLOAT64, grad.dtype());
    assertArrayEquals(values, parameters.getFirst().toDoubleArray());
  }

  @Test
  void to7TheNamedTypes() {
    Sequential model = model();
    assertEquals(DType.FLOAT16, model.half().parameters().getFirst().dtype());
    assertEquals(DType.BFLOAT16, model.bfloat16().parameters().getFirst().dtype());
    assertEquals(DType.FLOAT64, model.float64().parameters().getFirst().dtype());
    assertEquals(DType.FLOAT32, model.float32().parameters().getFirst().dtype());
  }

  @Test
  void to8TypeCastsEverythingUnlessGradientsForbidIt() {
    Sequential model = model();
    assertThrows(DTypeException.class, () -> model.type(DType.INT64));
    assertEquals(DType.FLOAT32, model.parameter("0.weight").dtype());
    model.requiresGrad_(false);
    model.type(DType.INT32);
    assertEquals(DType.INT32, model.parameter("0.weight").dtype());
    assertEquals(DType.INT32, model.buffer("1.num_batches_tracked").dtype());
  }

  @Test
  void to18TheSameTypeAndDeviceChangeNothing() {
    Sequential model = trained();
    Parameter weight = model.parameter("0.weight");
    Tensor alias = weight.detach();
    int version = weight.version();
    model.to(DType.FLOAT32).to(DEVICE).to(DEVICE, DType.FLOAT32);
    assertTrue(weight.sharesStorageWith(alias));
    assertEquals(version, weight.version());
  }

  @Test
  void to26HooksSurviveAndStayRemovable() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    List<DType> seen = new ArrayList<>();
    List<Tensor> leaves = new ArrayList<>();
    HookHandle hook =
        layer
            .weight()
            .registerHook(g -> {
              seen.add(g.dtype());
              return Optional.empty();
            });
    layer.weight().registerPostAccumulateHook(leaves::add);
    layer.to(DType.FLOAT64);
    Tensor input = Tensor.ones(1, 1).to(DType.FLOAT64);
    layer.forward(input).sum().backward();
    assertEquals(List.of(DType.FLOAT64), seen);
    assertSame(layer.weight(), leaves.getFirst());
    hook.remove();
    layer.forward(input).sum().backward();
    assertEquals(1, seen.size());
    assertEquals(2, layer.weight().grad().orElseThrow().item());
  }

  @Test
  void to27AGraphFromBeforeIsStale() {
    Linear layer = new Linear(2, 1);
    Tensor loss = layer.forward(Tensor.ones(1, 2)).sum();
    layer.to(DType.FLOAT64);
    assertThrows(StaleGraphException.class, loss::backward);
    assertFalse(layer.weight().grad().isPresent());
  }

  @Test
  void to29TiedTensorsAreConvertedOnceAndStayTied() {
    Linear encoder = new Linear(2, 2, Bias.NONE);
    Sequential model = new Sequential(encoder, encoder);
    model.to(DType.FLOAT64);
    assertSame(model.parameter("0.weight"), model.parameter("1.weight"));
    assertEquals(DType.FLOAT64, encoder.weight().dtype());
  }

  @Test
  void to33AFailureHalfWayChangesNothingAndFreesAll() {
    Sequential model = trained();
    List<double[]> before = values(model);
    long live = live();
    int[] calls = {0};
    var failing = (dev.proteus.tensor.Interpreter) call -> failAtFifth(call, calls);
    assertThrows(
        DeviceOutOfMemoryException.class, () -> Scope.with(failing, () -> model.to(DType.FLOAT64)));
    assertEquals(5, calls[0]);
    assertEquals(live, live());
    List<double[]> after = values(model);
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i), after.get(i));
    }
    assertTrue(model.parameters().stream().allMatch(p -> p.dtype() == DType.FLOAT32));
  }

  private static List<Tensor> failAtFifth(Call call, int[] calls) {
    if (++calls[0] == 5) {
      throw new DeviceOutOfMemoryException("no more");
    }
    return call.proceed();
  }

  @Test
  void to34TheMessageNamesTheParameterAndTheWhole() {
    Sequential model = trained();
    int[] calls = {0};
    var failing = (dev.proteus.tensor.Interpreter) call -> failAtFifth(call, calls);
    var error =
        assertThrows(
            DeviceOutOfMemoryException.class,
            () -> Scope.with(failing, () -> model.to(DType.FLOAT64)));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("'1.weight'"), message);
    assertTrue(message.contains("bytes in all"), message);
  }

  private static List<double[]> values(Module module) {
    List<double[]> values = new ArrayList<>();
    module
        .parameters()
        .forEach(p -> {
          values.add(p.toDoubleArray());
          values.add(p.grad().orElseThrow().toDoubleArray());
        });
    return values;
  }

  private static long live() {
    return Backends.of(DEVICE).memory().live();
  }

  @Test
  void oldMemoryIsFreedAtCommit() {
    long before = live();
    Linear layer = Scope.memory(() -> new Linear(100, 100, Bias.NONE));
    assertEquals(before + 40_000, live());
    layer.to(DType.FLOAT64);
    assertEquals(before + 80_000, live());
    layer.to(DType.BFLOAT16);
    assertEquals(before + 20_000, live());
    layer.to(Device.META);
    assertEquals(before, live());
  }

  @Test
  void to35FromMetaThereIsNothingToCopy() {
    Sequential model = Scope.on(Device.META, ConversionTest::model);
    var error = assertThrows(NoDataException.class, () -> model.to(DEVICE));
    assertTrue(String.valueOf(error.getMessage()).contains("'0.weight'"));
    assertTrue(model.parameters().stream().allMatch(p -> p.device().isMeta()));
    Sequential real = model();
    real.to(Device.META);
    assertTrue(real.parameters().stream().allMatch(p -> p.device().isMeta()));
  }

  @Test
  void to9Md14ToEmptyBringsASkeletonToLife() {
    Linear tied = Scope.on(Device.META, () -> new Linear(3, 3));
    Sequential model = new Sequential(tied, tied, Scope.on(Device.META, () -> new Dropout()));
    List<Parameter> parameters = model.parameters();
    tied.bias().orElseThrow().requiresGrad_(false);
    assertSame(model, model.toEmpty(DEVICE));
    assertEquals(parameters, model.parameters());
    assertEquals(DEVICE, tied.weight().device());
    assertTrue(tied.weight().requiresGrad());
    assertFalse(tied.bias().orElseThrow().requiresGrad());
    Init.ones_(tied.weight());
    Init.zeros_(tied.bias().orElseThrow());
    assertEquals(27, model.eval().forward(Tensor.ones(1, 3)).sum().item());
  }

  @Test
  void aRoundTripThroughBfloat16RoundsAndLearnsOn() {
    Linear layer = new Linear(2, 1);
    Parameter weight = layer.weight();
    Init.constant_(weight, 1.01171875);
    layer.to(DType.BFLOAT16).to(DType.FLOAT32);
    assertSame(weight, layer.weight());
    assertArrayEquals(new double[] {1.015625, 1.015625}, weight.toDoubleArray(), "rule DT-24");
    layer.forward(Tensor.ones(1, 2)).sum().backward();
    assertNotEquals(0, weight.grad().orElseThrow().sum().item());
  }
}
