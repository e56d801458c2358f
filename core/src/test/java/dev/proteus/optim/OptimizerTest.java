package dev.proteus.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.NoDataException;
import dev.proteus.error.StaleGraphException;
import dev.proteus.error.StateDictException;
import dev.proteus.nn.Bias;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Relu;
import dev.proteus.nn.Sequential;
import dev.proteus.spi.Backends;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Groups, steps, state and its way with parameters that move.
@Isolated("measures memory")
class OptimizerTest {
  private static final Sgd.Options MOMENTUM = new Sgd.Options(0.1).withMomentum(0.9);

  private static Parameter one() {
    return Parameter.of(Tensor.of(1.0));
  }

  private static void setGrad(Parameter p, double value) {
    p.setGrad(p.fullLike(value));
  }

  private static void refused(Runnable call, String part) {
    var error = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(String.valueOf(error.getMessage()).contains(part), error::getMessage);
  }

  // ---- groups

  @Test
  void op1Op3GroupsAreChecked() {
    Parameter p = one();
    SequencedMap<String, Parameter> named = new LinkedHashMap<>();
    named.put("w", one());
    refused(() -> new Sgd(List.of(), 0.1), "no parameters");
    refused(() -> new Sgd(List.<ParamGroup<Sgd.Options>>of()), "no parameters");
    refused(() -> new Sgd(List.of(p.mul(2)), 0.1), "leaves");
    refused(() -> new Sgd(List.of(p, p), 0.1), "already");
    Sgd optimizer = new Sgd(List.of(p), 0.1);
    refused(() -> optimizer.addParamGroup(ParamGroup.of(List.of(p), MOMENTUM)), "another group");
    refused(() -> optimizer.addParamGroup(ParamGroup.named(named, MOMENTUM)), "names");
    assertEquals(1, optimizer.groups().size());
  }

  @Test
  void op5GroupsHaveOptionsOfTheirOwn() {
    Parameter slow = one();
    Parameter fast = one();
    Sgd optimizer = new Sgd(List.of(slow), 0.1);
    optimizer.addParamGroup(ParamGroup.of(List.of(fast), new Sgd.Options(0.5)));
    setGrad(slow, 1);
    setGrad(fast, 1);
    optimizer.step();
    assertEquals(0.9, slow.item(), 1e-7);
    assertEquals(0.5, fast.item(), 1e-7);
    optimizer.groups().get(1).lr(0.25);
    optimizer.step();
    assertEquals(0.25, fast.item(), 1e-7);
  }

  // ---- steps

  @Test
  void op6Op10Op11WithoutGradientNothingHappens() {
    Parameter p = one();
    Parameter zero = one();
    Sgd optimizer = new Sgd(List.of(p, zero), MOMENTUM.withWeightDecay(0.5));
    p.requiresGrad_(false);
    setGrad(zero, 0);
    optimizer.step();
    assertEquals(1, p.item());
    assertTrue(optimizer.state(p).isEmpty());
    assertEquals(0.95, zero.item(), 1e-7, "decay acts on a gradient of zero");
    assertTrue(optimizer.state(zero).isPresent());
  }

  @Test
  void op12ZeroGradDropsOrFills() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), 0.1);
    setGrad(p, 3);
    Tensor grad = p.grad().orElseThrow();
    optimizer.zeroGrad(Optimizer.ZeroGrad.FILL);
    assertSame(grad, p.grad().orElseThrow());
    assertEquals(0, grad.item());
    optimizer.zeroGrad();
    assertTrue(p.grad().isEmpty());
    p.square().sum().backward(BackwardOptions.DEFAULT.withGraph(BackwardOptions.Graph.CREATE));
    Tensor recorded = p.grad().orElseThrow();
    optimizer.zeroGrad(Optimizer.ZeroGrad.FILL);
    assertFalse(recorded.requiresGrad());
    assertEquals(0, recorded.item());
  }

  @Test
  void op13AClosureRunsWithGradients() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), 0.1);
    Tensor loss =
        Scope.noGrad(() ->
            optimizer.step(() -> {
              optimizer.zeroGrad();
              Tensor value = p.square().sum();
              value.backward();
              return value;
            }));
    assertEquals(1, loss.item());
    assertEquals(0.8, p.item(), 1e-7);
  }

  @Test
  void op14StepsWriteInPlace() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), 0.1);
    Tensor loss = p.square().sum();
    Tensor alias = p.detach();
    int version = p.version();
    setGrad(p, 1);
    optimizer.step();
    assertEquals(version + 1, p.version());
    assertEquals(0.9, alias.item(), 1e-7);
    assertTrue(p.isLeaf() && p.requiresGrad());
    assertThrows(StaleGraphException.class, loss::backward);
  }

  @Test
  void op15HooksSurroundAStep() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), 0.1);
    List<String> order = new ArrayList<>();
    optimizer.registerStepPreHook(o -> order.add("pre " + p.item() + " " + o.steps()));
    HookHandle post = optimizer.registerStepPostHook(o -> order.add("post " + o.steps()));
    setGrad(p, 1);
    optimizer.step();
    post.remove();
    optimizer.step();
    assertEquals(List.of("pre 1.0 0", "post 1", "pre " + 0.9f + " 1"), tidy(order));
  }

  private static List<String> tidy(List<String> order) {
    return order.stream().map(s -> s.replace("0.8999999761581421", "0.9")).toList();
  }

  // ---- following the parameter

  @Test
  void op10Sw2StateSurvivesASwap() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), MOMENTUM);
    setGrad(p, 1);
    optimizer.step();
    ParamState state = optimizer.state(p).orElseThrow();
    Tensor.swap(p, Tensor.of(5.0).requiresGrad_(true));
    setGrad(p, 1);
    optimizer.step();
    assertSame(state, optimizer.state(p).orElseThrow());
    assertEquals(2, state.steps());
    assertEquals(5 - 0.19, p.item(), 1e-6);
  }

  @Test
  void op40StateFollowsTheType() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    Adam optimizer = new Adam(layer.parameters(), 0.1);
    setGrad(layer.weight(), 1);
    optimizer.step();
    Tensor mean = mean(optimizer, layer.weight());
    layer.to(DType.FLOAT64);
    optimizer.step();
    assertSame(mean, mean(optimizer, layer.weight()));
    assertEquals(DType.FLOAT64, mean.dtype());
    layer.to(DType.BFLOAT16);
    optimizer.migrateState();
    assertEquals(DType.BFLOAT16, mean.dtype());
  }

  private static Tensor mean(Adam optimizer, Tensor parameter) {
    var tensors = optimizer.state(parameter).orElseThrow().tensors();
    return Objects.requireNonNull(tensors.get("exp_avg"));
  }

  @Test
  void op40KeptStateStaysWide() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    layer.to(DType.BFLOAT16);
    Adam optimizer =
        new Adam(List.of(ParamGroup.of(layer.parameters(), new AdamOptions(0.1))), StateType.KEEP);
    setGrad(layer.weight(), 1);
    optimizer.step();
    assertEquals(DType.FLOAT32, mean(optimizer, layer.weight()).dtype());
    assertEquals(DType.BFLOAT16, layer.weight().dtype());
    layer.to(DType.FLOAT64);
    optimizer.step();
    assertEquals(DType.FLOAT32, mean(optimizer, layer.weight()).dtype());
  }

  @Test
  void op40AnotherShapeIsRefusedBeforeAnythingChanges() {
    Parameter first = one();
    Parameter second = one();
    Sgd optimizer = new Sgd(List.of(first, second), MOMENTUM);
    setGrad(first, 1);
    setGrad(second, 1);
    optimizer.step();
    Tensor.swap(second, Tensor.of(1.0, 2.0).requiresGrad_(true));
    setGrad(second, 1);
    double before = first.item();
    var error = assertThrows(IllegalStateException.class, optimizer::step);
    assertTrue(String.valueOf(error.getMessage()).contains("parameter 1 is [2] now"));
    assertEquals(before, first.item());
  }

  @Test
  void op42MigrationEqualsANewOptimizerThatLoads() {
    Linear moved = new Linear(3, 2);
    Linear fresh = new Linear(3, 2);
    fresh.load(moved.stateDict());
    Adam optimizer = new Adam(moved.parameters(), 0.1);
    Adam before = new Adam(fresh.parameters(), 0.1);
    step(moved, optimizer);
    step(fresh, before);
    moved.to(DType.FLOAT64);
    fresh.to(DType.FLOAT64);
    Adam after = new Adam(fresh.parameters(), 1);
    after.load(before.stateDict());
    step(moved, optimizer);
    step(fresh, after);
    assertArrayEquals(moved.weight().toDoubleArray(), fresh.weight().toDoubleArray());
  }

  private static void step(Linear layer, Optimizer<?> optimizer) {
    optimizer.zeroGrad();
    layer.forward(Tensor.ones(1, 3).to(layer.weight().dtype())).square().sum().backward();
    optimizer.step();
  }

  @Test
  void op43AParameterOnMetaIsNamed() {
    Linear layer = Scope.on(Device.META, () -> new Linear(1, 1));
    Sgd optimizer = new Sgd(layer.namedParameters(), new Sgd.Options(0.1));
    var error = assertThrows(NoDataException.class, optimizer::step);
    assertTrue(String.valueOf(error.getMessage()).contains("'weight'"));
    layer.toEmpty(Scope.device());
    optimizer.step();
  }

  // ---- state dict

  private static Adam stepped(List<Parameter> parameters) {
    Adam optimizer = new Adam(parameters, new AdamOptions(0.1).withAmsgrad());
    parameters.forEach(p -> setGrad(p, 1));
    optimizer.step();
    return optimizer;
  }

  @Test
  void op23Op30StateIsListedByIndex() {
    Parameter stepped = one();
    Parameter idle = one();
    Sgd optimizer = new Sgd(List.of(idle, stepped), MOMENTUM);
    setGrad(stepped, 2);
    optimizer.step();
    StateDict dict = optimizer.stateDict();
    assertEquals(
        List.of("state.1.step", "state.1.momentum_buffer"), List.copyOf(dict.tensors().keySet()));
    assertEquals(DType.FLOAT32, dict.get("state.1.step").dtype());
    assertEquals(1, dict.get("state.1.step").item());
    assertEquals("0,1", dict.metadata().get("group.0.parameters"));
    assertEquals("0.1", dict.metadata().get("group.0.lr"));
    setGrad(stepped, 2);
    optimizer.step();
    assertEquals(3.8, dict.get("state.1.momentum_buffer").item(), 1e-6, "an alias");
  }

  @Test
  void op31CountsAndShapesAreChecked() {
    Adam optimizer = stepped(List.of(one(), one()));
    StateDict dict = optimizer.stateDict();
    Adam one = stepped(List.of(one()));
    refused(() -> one.load(dict), "2 parameters in the state dict, 1 in the optimizer");
    Adam groups = stepped(List.of(one(), one()));
    groups.addParamGroup(ParamGroup.of(List.of(one()), new AdamOptions(1)));
    refused(() -> groups.load(dict), "groups");
    StateDict wrong = dict.with("state.1.exp_avg", Tensor.ones(7));
    Adam other = stepped(List.of(one(), one()));
    other.groups().getFirst().lr(0.7);
    var error = assertThrows(StateDictException.class, () -> other.load(wrong));
    assertTrue(String.valueOf(error.getMessage()).contains("exp_avg"));
    assertEquals(0.7, other.groups().getFirst().lr());
    StateDict broken = dict.toBuilder().metadata("group.0.lr", "much").build();
    assertThrows(StateDictException.class, () -> other.load(broken));
  }

  @Test
  void op32Op33Op34LoadCopiesCastsAndTakesOptions() {
    Parameter source = one();
    Adam optimizer = stepped(List.of(source));
    Parameter target = Parameter.of(Tensor.of(1.0).to(DType.FLOAT64));
    Adam loaded = new Adam(List.of(target), new AdamOptions(5));
    loaded.load(optimizer.stateDict());
    assertEquals(new AdamOptions(0.1).withAmsgrad(), loaded.groups().getFirst().options());
    Tensor mean = mean(loaded, target);
    assertEquals(DType.FLOAT64, mean.dtype());
    assertNotSame(mean(optimizer, source), mean);
    Adam same = new Adam(List.of(one()), 1);
    same.load(optimizer.stateDict());
    Tensor copied = mean(same, same.groups().getFirst().parameters().getFirst());
    assertFalse(copied.sharesStorageWith(mean(optimizer, source)));
    assertEquals(1, loaded.state(target).orElseThrow().steps());
  }

  @Test
  void op35ParametersAreMatchedByName() {
    SequencedMap<String, Parameter> there = new LinkedHashMap<>();
    there.put("a", one());
    there.put("b", one());
    Sgd optimizer = new Sgd(there, MOMENTUM);
    setGrad(there.firstEntry().getValue(), 1);
    setGrad(there.lastEntry().getValue(), 2);
    optimizer.step();
    Sgd other = new Sgd(there.reversed(), MOMENTUM);
    other.load(optimizer.stateDict());
    assertEquals(2, buffer(other, there.lastEntry().getValue()));
    assertEquals(1, buffer(other, there.firstEntry().getValue()));
    SequencedMap<String, Parameter> renamed = new LinkedHashMap<>();
    renamed.put("a", one());
    renamed.put("c", one());
    Sgd stranger = new Sgd(renamed, MOMENTUM);
    assertThrows(StateDictException.class, () -> stranger.load(optimizer.stateDict()));
  }

  private static double buffer(Sgd optimizer, Tensor parameter) {
    return optimizer.state(parameter).orElseThrow().tensors().sequencedValues().getFirst().item();
  }

  @Test
  void stateGoesThroughAFileBesideTheModel(@TempDir Path folder) {
    Linear layer = new Linear(2, 2);
    Adam optimizer = new Adam(layer.namedParameters(), new AdamOptions(0.1).withBetas(0.8, 0.95));
    step2(layer, optimizer);
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
    step2(layer, optimizer);
    step2(other, resumed);
    assertArrayEquals(layer.weight().toDoubleArray(), other.weight().toDoubleArray());
  }

  private static void step2(Linear layer, Optimizer<?> optimizer) {
    optimizer.zeroGrad();
    layer.forward(Tensor.ones(1, 2)).square().sum().backward();
    optimizer.step();
  }

  // ---- clipping, memory, learning

  @Test
  void op25ClippingReturnsTheNormBefore() {
    Parameter a = one();
    Parameter b = one();
    setGrad(a, 3);
    setGrad(b, 4);
    List<Parameter> both = List.of(a, b, one());
    assertEquals(5, Gradients.clipNorm(both, 10).item(), 1e-6);
    assertEquals(3, a.grad().orElseThrow().item(), 1e-6);
    assertEquals(5, Gradients.clipNorm(both, 1).item(), 1e-6);
    assertEquals(0.6, a.grad().orElseThrow().item(), 1e-6);
    assertEquals(0.8, b.grad().orElseThrow().item(), 1e-6);
    assertEquals(0.8, Gradients.clipNorm(both, 1, Double.POSITIVE_INFINITY).item(), 1e-6);
    Gradients.clipValue(both, 0.7);
    assertEquals(0.7, b.grad().orElseThrow().item(), 1e-6);
    assertEquals(0, Gradients.clipNorm(List.of(one()), 1).item());
  }

  @Test
  void trainingInAMemoryScopeLeavesMemoryFlat() {
    Sequential model = new Sequential(new Linear(4, 8), new Relu(), new Linear(8, 1));
    Adam optimizer = new Adam(model.parameters(), 0.01);
    Tensor x = Tensor.randn(16, 4);
    Tensor y = Tensor.randn(16, 1);
    List<Long> live = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Scope.memory(() -> {
        optimizer.zeroGrad();
        model.forward(x).mseLoss(y).backward();
        Gradients.clipNorm(model.parameters(), 1);
        optimizer.step();
      });
      live.add(Backends.of(Scope.device()).memory().live());
    }
    assertEquals(live.get(1), live.get(5), live::toString);
  }

  @Test
  void aSmallModelLearnsTwoMoonsAndGoesOnAfterConversion() {
    Scope.withGenerator(
        new Generator(7),
        () -> {
          Tensor angle = Tensor.rand(64, 1).mul(Math.PI);
          Tensor upper = Tensor.cat(List.of(angle.cos(), angle.sin()), 1);
          Tensor lower = Tensor.cat(List.of(angle.cos().rsub(1), angle.sin().rsub(0.5)), 1);
          Tensor x = Tensor.cat(List.of(upper, lower), 0);
          Tensor y = Tensor.cat(List.of(Tensor.zeros(64), Tensor.ones(64)), 0).to(DType.INT64);
          Sequential model =
              new Sequential(
                  new Linear(2, 16), new Relu(), new Linear(16, 16), new Relu(), new Linear(16, 2));
          AdamW optimizer = new AdamW(model.parameters(), 0.02);
          for (int i = 0; i < 120; i++) {
            train(model, optimizer, x, y);
          }
          double loss = train(model, optimizer, x, y);
          assertTrue(loss < 0.05, () -> "loss " + loss);
          List<Parameter> parameters = model.parameters();
          model.to(DType.BFLOAT16).to(DType.FLOAT32);
          assertEquals(parameters, model.parameters());
          double[] before = parameters.getFirst().toDoubleArray();
          double after = train(model, optimizer, x, y);
          assertTrue(after < 0.1, () -> "loss after conversion " + after);
          assertFalse(java.util.Arrays.equals(before, parameters.getFirst().toDoubleArray()));
          return loss;
        });
  }

  private static double train(Sequential model, Optimizer<?> optimizer, Tensor x, Tensor y) {
    return Scope.memory(
            () -> {
              optimizer.zeroGrad();
              Tensor loss = model.forward(x).crossEntropy(y);
              loss.backward();
              optimizer.step();
              return loss;
            })
        .item();
  }
}
