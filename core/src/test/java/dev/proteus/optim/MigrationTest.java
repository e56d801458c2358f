package dev.proteus.optim;

import static dev.proteus.optim.Sample.named;
import static dev.proteus.optim.Sample.one;
import static dev.proteus.optim.Sample.refused;
import static dev.proteus.optim.Sample.remembered;
import static dev.proteus.optim.Sample.setGrad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.NoDataException;
import dev.proteus.nn.Bias;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Module;
import dev.proteus.optim.Sample.Maker;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// State follows its parameter to other devices and types.
class MigrationTest {
  private static final Sgd.Options MOMENTUM = new Sgd.Options(0.1).withMomentum(0.9);
  private static final String MEAN = "exp_avg";

  static Stream<Maker> makers() {
    return Sample.makers();
  }

  private static Adam adam(Linear layer, StateType type) {
    return new Adam(List.of(ParamGroup.of(layer.parameters(), new AdamOptions(0.1))), type);
  }

  @Test
  void op40_stateFollowsTheTypeAtTheNextStep() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    Adam optimizer = adam(layer, StateType.MATCH);
    setGrad(layer.weight(), 1);
    optimizer.step();
    Tensor mean = remembered(optimizer, layer.weight(), MEAN);
    layer.to(DType.FLOAT64);
    assertEquals(DType.FLOAT32, mean.dtype(), "not before");
    optimizer.step();
    assertSame(mean, remembered(optimizer, layer.weight(), MEAN));
    assertEquals(DType.FLOAT64, mean.dtype());
    assertEquals(0.19, mean.item(), 1e-7, "its value came along");
  }

  @Test
  void op40_keptStateStaysWide() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    layer.to(DType.BFLOAT16);
    Adam optimizer = adam(layer, StateType.KEEP);
    setGrad(layer.weight(), 1);
    optimizer.step();
    assertEquals(DType.FLOAT32, remembered(optimizer, layer.weight(), MEAN).dtype());
    assertEquals(DType.BFLOAT16, layer.weight().dtype());
    layer.to(DType.FLOAT64);
    optimizer.step();
    assertEquals(DType.FLOAT32, remembered(optimizer, layer.weight(), MEAN).dtype());
  }

  @Test
  void op40_keptStateIsNotRoundedByANarrowParameter() {
    Linear matching = new Linear(1, 1, Bias.NONE);
    Linear keeping = new Linear(1, 1, Bias.NONE);
    Adam rounded = adam(matching, StateType.MATCH);
    Adam exact = adam(keeping, StateType.KEEP);
    setGrad(matching.weight(), 1.0 / 3);
    setGrad(keeping.weight(), 1.0 / 3);
    rounded.step();
    exact.step();
    double mean = remembered(exact, keeping.weight(), MEAN).item();
    matching.to(DType.BFLOAT16);
    keeping.to(DType.BFLOAT16);
    rounded.migrateState();
    exact.migrateState();
    assertEquals(mean, remembered(exact, keeping.weight(), MEAN).item());
    double narrow = remembered(rounded, matching.weight(), MEAN).item();
    assertEquals(Tensor.scalar(mean).to(DType.BFLOAT16).item(), narrow);
    assertTrue(narrow != mean);
  }

  @ParameterizedTest
  @MethodSource("makers")
  void op40_stateFollowsTheDeviceUnderBothPolicies(Maker maker) {
    for (StateType type : StateType.values()) {
      Linear layer = new Linear(1, 1, Bias.NONE);
      Optimizer<?> optimizer = maker.of(layer.namedParameters(), type);
      setGrad(layer.weight(), 1);
      optimizer.step();
      layer.toEmpty(Device.META);
      optimizer.migrateState();
      var tensors = optimizer.state(layer.weight()).orElseThrow().tensors();
      assertTrue(tensors.values().stream().allMatch(t -> t.device().isMeta()), tensors::toString);
      assertEquals(1, optimizer.state(layer.weight()).orElseThrow().steps());
    }
  }

  @Test
  void op40_anotherShapeIsRefusedBeforeAnythingChanges() {
    Parameter first = one();
    Parameter second = one();
    Sgd optimizer = new Sgd(List.of(first, second), MOMENTUM);
    setGrad(first, 1);
    setGrad(second, 1);
    optimizer.step();
    Tensor.swap(second, Tensor.of(1.0, 2.0).requiresGrad_(true));
    setGrad(second, 1);
    double before = first.item();
    refused(
        IllegalStateException.class,
        optimizer::step,
        "parameter 1 is [2] now",
        "momentum_buffer is [1]",
        "OP-40");
    assertEquals(before, first.item());
    assertEquals(1, optimizer.steps());
  }

  @Test
  void op41_stateMigratesAtOnceAndTheCountStays() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    Adam optimizer = adam(layer, StateType.MATCH);
    setGrad(layer.weight(), 1);
    optimizer.step();
    Tensor mean = remembered(optimizer, layer.weight(), MEAN);
    layer.to(DType.BFLOAT16);
    optimizer.migrateState();
    assertSame(mean, remembered(optimizer, layer.weight(), MEAN));
    assertEquals(DType.BFLOAT16, mean.dtype());
    StateDict dict = optimizer.stateDict();
    assertEquals(DType.FLOAT32, dict.get("state.0.step").dtype());
    assertEquals(1, dict.get("state.0.step").item());
    optimizer.migrateState();
    assertSame(mean, remembered(optimizer, layer.weight(), MEAN), "nothing to do");
  }

  @ParameterizedTest
  @MethodSource("makers")
  void op42_afterAMoveStepsAreThoseOfANewOptimizerThatLoaded(Maker maker) {
    for (StateType type : StateType.values()) {
      for (DType dtype : List.of(DType.FLOAT64, DType.BFLOAT16)) {
        moveAndCompare(maker, type, dtype);
      }
    }
  }

  private static void moveAndCompare(Maker maker, StateType type, DType dtype) {
    Linear moved = new Linear(3, 2);
    Linear fresh = new Linear(3, 2);
    fresh.load(moved.stateDict());
    Optimizer<?> optimizer = maker.of(moved.namedParameters(), type);
    Optimizer<?> before = maker.of(fresh.namedParameters(), type);
    step(moved, optimizer);
    step(fresh, before);
    moved.to(dtype);
    fresh.to(dtype);
    Optimizer<?> after = maker.of(fresh.namedParameters(), type);
    after.load(before.stateDict());
    for (int i = 0; i < 2; i++) {
      step(moved, optimizer);
      step(fresh, after);
    }
    assertEquals(moved.parameters().size(), fresh.parameters().size());
    for (String name : moved.namedParameters().keySet()) {
      assertArrayEquals(
          moved.parameter(name).toDoubleArray(), fresh.parameter(name).toDoubleArray(), name);
      ParamState here = optimizer.state(moved.parameter(name)).orElseThrow();
      ParamState there = after.state(fresh.parameter(name)).orElseThrow();
      assertEquals(here.steps(), there.steps());
      assertEquals(here.tensors().keySet(), there.tensors().keySet());
      here.tensors()
          .forEach((key, tensor) -> {
            Tensor same = remembered(after, fresh.parameter(name), key);
            assertEquals(tensor.spec(), same.spec(), key);
            assertArrayEquals(tensor.toDoubleArray(), same.toDoubleArray(), key);
          });
    }
  }

  private static void step(Linear layer, Optimizer<?> optimizer) {
    optimizer.step(() -> {
      optimizer.zeroGrad();
      Tensor x = Tensor.of(0.5, -1, 2).to(layer.weight().dtype()).reshape(1, 3);
      Tensor loss = layer.forward(x).square().sum();
      loss.backward();
      return loss;
    });
  }

  @ParameterizedTest
  @MethodSource("makers")
  void op43_aParameterOnMetaIsNamedAndNothingChanges(Maker maker) {
    var parameters = named("first");
    Module skeleton = Scope.on(Device.META, () -> new Linear(1, 1));
    parameters.put("head.weight", skeleton.parameter("weight"));
    Parameter first = parameters.firstEntry().getValue();
    Optimizer<?> optimizer = maker.of(parameters);
    setGrad(first, 1);
    refused(NoDataException.class, optimizer::step, "'head.weight'", "meta", "toEmpty", "OP-43");
    assertEquals(1, first.item());
    assertEquals(0, optimizer.steps());
    skeleton.toEmpty(Scope.device());
    optimizer.step();
    assertTrue(first.item() < 1);
  }
}
