package dev.proteus.optim;

import static dev.proteus.optim.Sample.named;
import static dev.proteus.optim.Sample.one;
import static dev.proteus.optim.Sample.setGrad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StaleGraphException;
import dev.proteus.nn.Embedding;
import dev.proteus.optim.Sample.Maker;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a step does with gradients and parameters.
class StepTest {
  private static final Sgd.Options MOMENTUM = new Sgd.Options(0.1).withMomentum(0.9);

  static Stream<Maker> makers() {
    return Sample.makers();
  }

  private static Supplier<Tensor> squared(Optimizer<?> optimizer, Parameter p) {
    return () -> {
      optimizer.zeroGrad();
      Tensor loss = p.square().sum();
      loss.backward();
      return loss;
    };
  }

  // ---- state

  @Test
  void op10_stateBeginsWithTheFirstGradient() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), MOMENTUM);
    assertTrue(optimizer.state(p).isEmpty());
    optimizer.step();
    assertTrue(optimizer.state(p).isEmpty());
    setGrad(p, 1);
    optimizer.step();
    assertEquals(1, optimizer.state(p).orElseThrow().steps(), "not 2: the first did nothing");
    assertTrue(optimizer.state(one()).isEmpty(), "another tensor of the same value");
  }

  @Test
  void op10_adagradsSumsBeginWithTheOptimizer() {
    Parameter absent = Parameter.of(Tensor.of(1.0).to(Device.META));
    Parameter p = one();
    Adagrad optimizer = new Adagrad(List.of(p, absent), new Adagrad.Options(0.1).withInitial(0.25));
    assertEquals(0, optimizer.state(p).orElseThrow().steps());
    assertEquals(0.25, Sample.remembered(optimizer, p, "sum").item());
    assertTrue(optimizer.state(absent).isEmpty(), "nothing to fill yet");
    assertEquals(0, optimizer.stateDict().get("state.0.step").item());
  }

  @Test
  @DisplayName("OP-10, SW-2 state is kept by identity and survives a swap")
  void stateSurvivesASwap() {
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

  @ParameterizedTest
  @MethodSource("makers")
  void op11_withoutAGradientNothingHappens(Maker maker) {
    var two = named("idle", "busy");
    Parameter idle = two.firstEntry().getValue();
    Optimizer<?> optimizer = maker.of(two);
    int version = idle.version();
    setGrad(two.lastEntry().getValue(), 1);
    optimizer.step();
    assertEquals(1, idle.item(), "not even decay");
    assertEquals(version, idle.version());
    assertEquals(0, optimizer.state(idle).map(ParamState::steps).orElse(0L));
  }

  @Test
  void op11_aGradientOfZeroIsStepped() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), MOMENTUM.withWeightDecay(0.5));
    setGrad(p, 0);
    optimizer.step();
    assertEquals(0.95, p.item(), 1e-7, "decay acts");
    optimizer.step();
    assertEquals(0.95 - 0.1 * (0.9 * 0.5 + 0.5 * 0.95), p.item(), 1e-6, "momentum acts");
    assertEquals(2, optimizer.state(p).orElseThrow().steps());
  }

  // ---- gradients

  @Test
  void op12_zeroGradDropsOrFills() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p, one()), 0.1);
    setGrad(p, 3);
    Tensor grad = p.grad().orElseThrow();
    optimizer.zeroGrad(Optimizer.ZeroGrad.FILL);
    assertSame(grad, p.grad().orElseThrow());
    assertEquals(0, grad.item());
    optimizer.zeroGrad();
    assertTrue(p.grad().isEmpty());
    assertEquals(0, grad.item(), "whoever held it has it still");
  }

  @Test
  void op12_aFilledGradientLeavesItsGraph() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), 0.1);
    p.square().sum().backward(BackwardOptions.DEFAULT.withGraph(BackwardOptions.Graph.CREATE));
    Tensor recorded = p.grad().orElseThrow();
    assertTrue(recorded.requiresGrad());
    optimizer.zeroGrad(Optimizer.ZeroGrad.FILL);
    assertSame(recorded, p.grad().orElseThrow());
    assertFalse(recorded.requiresGrad());
    assertEquals(0, recorded.item());
  }

  @ParameterizedTest
  @MethodSource("makers")
  void op16_gradientsAreDenseAndEveryOptimizerTakesThem(Maker maker) {
    Embedding table = new Embedding(4, 2);
    double[] before = table.weight().detach().clone().toDoubleArray();
    Optimizer<?> optimizer = maker.of(table.namedParameters());
    table.forward(Tensor.of(2L)).sum().backward();
    Tensor grad = table.weight().grad().orElseThrow();
    assertEquals(table.weight().shape(), grad.shape());
    assertArrayEquals(new double[] {0, 0, 0, 0, 1, 1, 0, 0}, grad.toDoubleArray());
    optimizer.step();
    double[] after = table.weight().toDoubleArray();
    assertTrue(after[4] < before[4] && after[5] < before[5], "the row that was used");
  }

  // ---- the step

  @ParameterizedTest
  @MethodSource("makers")
  void op13_aClosureRunsWithGradientsOnAndItsValueComesBack(Maker maker) {
    var parameters = named("p");
    Parameter p = parameters.firstEntry().getValue();
    Optimizer<?> optimizer = maker.of(parameters);
    Tensor loss = Scope.noGrad(() -> optimizer.step(squared(optimizer, p)));
    assertEquals(1, loss.item());
    assertEquals(2, p.grad().orElseThrow().item());
    assertTrue(p.item() < 1);
  }

  @Test
  void op14_stepsAreUnrecordedAndWriteInPlace() {
    Parameter p = one();
    Sgd optimizer = new Sgd(List.of(p), 0.1);
    Tensor alias = p.detach();
    int version = p.version();
    setGrad(p, 1);
    optimizer.step();
    assertEquals(version + 1, p.version());
    assertEquals(0.9, alias.item(), 1e-7);
    assertTrue(p.isLeaf() && p.requiresGrad());
  }

  @ParameterizedTest
  @MethodSource("makers")
  void op14_aGraphThatSavedTheParameterIsStaleAfterwards(Maker maker) {
    var parameters = named("p");
    Parameter p = parameters.firstEntry().getValue();
    Optimizer<?> optimizer = maker.of(parameters);
    Tensor saved = p.square().sum();
    Tensor free = p.add(1).sum();
    setGrad(p, 1);
    optimizer.step();
    assertThrows(StaleGraphException.class, saved::backward);
    free.backward();
    assertEquals(2, p.grad().orElseThrow().item(), "this graph did not save it");
  }
}
