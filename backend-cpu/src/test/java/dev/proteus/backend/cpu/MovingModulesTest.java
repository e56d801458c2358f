package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.proteus.nn.BatchNorm1d;
import dev.proteus.nn.Layer;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Sequential;
import dev.proteus.optim.Adam;
import dev.proteus.optim.Optimizer;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.spi.Backends;
import dev.proteus.state.LoadOptions;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Modules and optimizers between two devices with data: the CPU and the reference backend.
@Isolated("measures memory")
class MovingModulesTest {
  private static final Device THERE = ReferenceProvider.DEVICE;

  private static Layer model() {
    return Scope.on(
        Device.CPU,
        () ->
            Scope.withGenerator(
                new Generator(1),
                () ->
                    new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Linear(4, 1))
                        .float64()));
  }

  private static void step(Layer model, Optimizer<?> optimizer) {
    Scope.on(
        model.parameters().getFirst().device(),
        () -> {
          optimizer.zeroGrad();
          Tensor input = Tensor.linspace(-1, 1, 15).reshape(5, 3).to(DType.FLOAT64);
          model.forward(input).square().sum().backward();
          optimizer.step();
          return input;
        });
  }

  @Test
  void to26Op40AMovedModelLearnsOnAsIfItHadStayed() {
    Layer stays = model();
    Layer moves = model();
    Adam one = new Adam(stays.parameters(), 0.1);
    Adam two = new Adam(moves.parameters(), 0.1);
    List<Parameter> parameters = moves.parameters();
    step(stays, one);
    step(moves, two);
    Tensor grad = parameters.getFirst().grad().orElseThrow();
    assertSame(moves, moves.to(THERE));
    assertEquals(parameters, moves.parameters());
    assertSame(grad, parameters.getFirst().grad().orElseThrow());
    assertEquals(THERE, grad.device());
    assertEquals(THERE, moves.buffer("1.running_mean").device());
    step(stays, one);
    step(moves, two);
    assertEquals(
        THERE,
        two.state(parameters.getFirst()).orElseThrow().tensors().firstEntry().getValue().device());
    moves.cpu();
    step(stays, one);
    step(moves, two);
    for (int i = 0; i < parameters.size(); i++) {
      assertArrayEquals(
          stays.parameters().get(i).toDoubleArray(), parameters.get(i).toDoubleArray(), 1e-6);
    }
  }

  @Test
  void movingFreesTheMemoryLeftBehind() {
    long before = Backends.of(Device.CPU).memory().live();
    Layer model = Scope.memory(MovingModulesTest::model);
    model.to(THERE);
    assertEquals(before, Backends.of(Device.CPU).memory().live());
  }

  @Test
  void sd30Sd31CopyCrossesDevicesAndAssignMoves() {
    Layer here = model();
    Layer there = model();
    there.to(THERE);
    there.load(here.stateDict());
    assertEquals(THERE, there.parameters().getFirst().device());
    there.load(here.stateDict(), LoadOptions.DEFAULT.assign());
    assertEquals(Device.CPU, there.parameters().getFirst().device());
  }
}
