package dev.proteus.optim;

import static dev.proteus.optim.Sample.named;
import static dev.proteus.optim.Sample.one;
import static dev.proteus.optim.Sample.refused;
import static dev.proteus.optim.Sample.remembered;
import static dev.proteus.optim.Sample.setGrad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StateDictException;
import dev.proteus.nn.Linear;
import dev.proteus.optim.Sample.Maker;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What optimizers remember, as state dicts.
class OptimizerStateTest {
  private static final Sgd.Options MOMENTUM = new Sgd.Options(0.1).withMomentum(0.9);
  private static final AdamOptions ADAM = new AdamOptions(0.1).withAmsgrad();
  private static final String BUFFER = "momentum_buffer";

  static Stream<Maker> makers() {
    return Sample.makers();
  }

  private static Adam stepped(Parameter... parameters) {
    Adam optimizer = new Adam(List.of(parameters), ADAM);
    List.of(parameters).forEach(p -> setGrad(p, 1));
    optimizer.step();
    return optimizer;
  }

  // ---- save

  @Test
  void op23_theCountOfStepsIsAFloatOfTheCpu() {
    Parameter p = Parameter.of(Tensor.of(1.0).to(DType.BFLOAT16));
    StateDict dict = stepped(p).stateDict();
    Tensor step = dict.get("state.0.step");
    assertEquals(DType.FLOAT32, step.dtype());
    assertEquals(Shape.SCALAR, step.shape());
    assertEquals(p.device(), step.device());
    assertEquals(1, step.item());
    assertEquals(DType.BFLOAT16, dict.get("state.0.exp_avg").dtype());
  }

  @Test
  void op30_parametersAreCountedOverAllGroupsAndOnlySteppedOnesHaveState() {
    Parameter stepped = one();
    Sgd optimizer = new Sgd(List.of(one(), one()), MOMENTUM);
    optimizer.addParamGroup(ParamGroup.of(List.of(one(), stepped), MOMENTUM.withLr(0.5)));
    setGrad(stepped, 2);
    optimizer.step();
    StateDict dict = optimizer.stateDict();
    assertEquals(
        List.of("state.3.step", "state.3.momentum_buffer"), List.copyOf(dict.tensors().keySet()));
    assertEquals("2", dict.metadata().get("groups"));
    assertEquals("0,1", dict.metadata().get("group.0.parameters"));
    assertEquals("2,3", dict.metadata().get("group.1.parameters"));
    assertEquals("0.1", dict.metadata().get("group.0.lr"));
    assertEquals("0.5", dict.metadata().get("group.1.lr"));
    assertEquals("0.9", dict.metadata().get("group.1.momentum"));
    assertFalse(dict.metadata().containsKey("parameter.0"), "no names");
    StateDict names = new Sgd(named("w", "b"), MOMENTUM).stateDict();
    assertEquals("w", names.metadata().get("parameter.0"));
    assertEquals("b", names.metadata().get("parameter.1"));
  }

  @Test
  void op30_tensorsOfAStateDictAreAliases() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), MOMENTUM);
    setGrad(p, 2);
    optimizer.step();
    StateDict dict = optimizer.stateDict();
    StateDict copy = dict.copy();
    optimizer.step();
    assertEquals(3.8, dict.get("state.0.momentum_buffer").item(), 1e-6);
    assertEquals(2, copy.get("state.0.momentum_buffer").item());
  }

  // ---- load

  @Test
  void op31_groupsAndTheirSizesMustBeEqual() {
    StateDict dict = stepped(one(), one()).stateDict();
    Adam one = stepped(one());
    refused(
        IllegalArgumentException.class,
        () -> one.load(dict),
        "group 0 has 2 parameters in the state dict, 1 in the optimizer");
    Adam groups = stepped(one(), one());
    groups.addParamGroup(ParamGroup.of(List.of(one()), new AdamOptions(1)));
    refused(
        IllegalArgumentException.class,
        () -> groups.load(dict),
        "the state dict has 1 groups, the optimizer 2");
  }

  @Test
  void op31_shapesAreCheckedAndNothingChangesWhenOneIsWrong() {
    Parameter first = one();
    Adam optimizer = stepped(first, one());
    StateDict dict = optimizer.stateDict().copy();
    optimizer.groups().getFirst().lr(0.7);
    setGrad(first, 5);
    optimizer.step();
    double mean = remembered(optimizer, first, "exp_avg").item();
    StateDict wrong = dict.with("state.1.exp_avg", Tensor.ones(7));
    refused(
        StateDictException.class,
        () -> optimizer.load(wrong),
        "parameter 1 is [1]",
        "exp_avg",
        "[7]");
    StateDict broken = dict.toBuilder().metadata("group.0.lr", "much").build();
    refused(StateDictException.class, () -> optimizer.load(broken), "'lr'", "much");
    assertEquals(0.7, optimizer.groups().getFirst().lr());
    assertEquals(mean, remembered(optimizer, first, "exp_avg").item());
    assertEquals(2, optimizer.state(first).orElseThrow().steps());
  }

  @Test
  void op32_floatingStateIsCastToItsFloatingParameterOnly() {
    StateDict dict = stepped(one(), one(), one()).stateDict();
    Parameter wide = Parameter.of(Tensor.of(1.0).to(DType.FLOAT64));
    Tensor whole = Tensor.of(1L);
    Parameter absent = Parameter.of(Tensor.of(1.0).to(Device.META));
    Adam loaded = new Adam(List.of(wide, whole, absent), 5);
    loaded.load(dict);
    Tensor mean = remembered(loaded, wide, "exp_avg");
    assertEquals(DType.FLOAT64, mean.dtype());
    assertEquals(0.1, mean.item(), 1e-7);
    assertEquals(DType.FLOAT32, remembered(loaded, whole, "exp_avg").dtype());
    assertEquals(0.1, remembered(loaded, absent, "exp_avg").item(), 1e-7, "waits for its place");
    assertEquals(1, loaded.state(wide).orElseThrow().steps());
    assertEquals(DType.FLOAT32, loaded.stateDict().get("state.0.step").dtype());
  }

  @Test
  void op33_optionsComeFromTheStateDictAndParametersStay() {
    Parameter own = one();
    AdamOptions given = new AdamOptions(5);
    Adam loaded = new Adam(List.of(own), given);
    loaded.load(stepped(one()).stateDict());
    assertEquals(ADAM, loaded.groups().getFirst().options());
    assertEquals(List.of(own), loaded.groups().getFirst().parameters());
    assertEquals(new AdamOptions(5), given, "what later groups may be made of");
  }

  @ParameterizedTest
  @MethodSource("makers")
  void op33_everyOptionComesBack(Maker maker) {
    Optimizer<?> optimizer = maker.of(named("p"));
    StateDict dict = optimizer.stateDict();
    Optimizer<?> other = maker.of(named("p"));
    other.groups().getFirst().lr(7);
    other.load(dict);
    assertEquals(optimizer.groups().getFirst().options(), other.groups().getFirst().options());
  }

  @Test
  void op34_loadingCopiesSoThatNothingIsShared() {
    Parameter source = one();
    Parameter target = one();
    Adam optimizer = stepped(source);
    Adam loaded = new Adam(List.of(target), 1);
    loaded.load(optimizer.stateDict());
    for (String name : optimizer.state(source).orElseThrow().tensors().keySet()) {
      Tensor original = remembered(optimizer, source, name);
      Tensor copy = remembered(loaded, target, name);
      assertNotSame(original, copy);
      assertFalse(copy.sharesStorageWith(original), name);
      assertEquals(original.item(), copy.item());
    }
    double before = remembered(optimizer, source, "exp_avg").item();
    setGrad(target, 9);
    loaded.step();
    assertEquals(before, remembered(optimizer, source, "exp_avg").item());
  }

  @Test
  void op35_parametersAreMatchedByNameWhereBothSidesHaveNames() {
    var there = named("a", "b");
    Parameter a = there.firstEntry().getValue();
    Parameter b = there.lastEntry().getValue();
    Sgd optimizer = new Sgd(there, MOMENTUM);
    setGrad(a, 1);
    setGrad(b, 2);
    optimizer.step();
    StateDict dict = optimizer.stateDict();
    Sgd reversed = new Sgd(there.reversed(), MOMENTUM);
    reversed.load(dict);
    assertEquals(1, remembered(reversed, a, BUFFER).item());
    assertEquals(2, remembered(reversed, b, BUFFER).item());
    Sgd nameless = new Sgd(List.of(b, a), MOMENTUM);
    nameless.load(dict);
    assertEquals(1, remembered(nameless, b, BUFFER).item(), "by place");
    assertEquals(2, remembered(nameless, a, BUFFER).item());
    Sgd stranger = new Sgd(named("a", "c"), MOMENTUM);
    refused(StateDictException.class, () -> stranger.load(dict), "no parameter 'c'", "has [a, b]");
  }

  // ---- files

  @Test
  void stateGoesThroughAFileBesideTheModel(@TempDir Path folder) {
    Linear layer = new Linear(2, 2);
    Adam optimizer = new Adam(layer.namedParameters(), new AdamOptions(0.1).withBetas(0.8, 0.95));
    step(layer, optimizer);
    Path file = folder.resolve("checkpoint.safetensors");
    layer
        .stateDict()
        .prefixed("model.")
        .and(optimizer.stateDict().prefixed("optimizer."))
        .save(file);
    Linear other = new Linear(2, 2);
    Adam resumed = new Adam(other.namedParameters(), new AdamOptions(1));
    StateDict checkpoint = StateDict.load(file);
    other.load(checkpoint.under("model."));
    resumed.load(checkpoint.under("optimizer."));
    step(layer, optimizer);
    step(other, resumed);
    assertArrayEquals(layer.weight().toDoubleArray(), other.weight().toDoubleArray());
    assertTrue(resumed.state(other.weight()).orElseThrow().steps() == 2);
  }

  private static void step(Linear layer, Optimizer<?> optimizer) {
    optimizer.zeroGrad();
    layer.forward(Tensor.ones(1, 2)).square().sum().backward();
    optimizer.step();
  }
}
