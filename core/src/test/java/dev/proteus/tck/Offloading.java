package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.nn.BatchNorm1d;
import dev.proteus.nn.Layer;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Offload;
import dev.proteus.nn.Relu;
import dev.proteus.nn.Sequential;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Backends;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/// Models that live on the CPU, the default device, and visit another device block by block.
@Isolated("measures memory")
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(60)
public abstract class Offloading {
  private static final int WIDTH = 64;
  private static final int BLOCKS = 8;
  private static final long BLOCK = 4L * (WIDTH * WIDTH + WIDTH);

  /// Where blocks are computed.
  protected abstract Device there();

  private static Sequential chain() {
    return Scope.on(Device.CPU, Offloading::chainHere);
  }

  private long live() {
    return Backends.of(there()).memory().live();
  }

  private static Tensor input() {
    return Tensor.ones(1, WIDTH);
  }

  private static double[] answer(Layer model) {
    return Scope.noGrad(() -> Scope.memory(() -> model.forward(input()).toDoubleArray()));
  }

  @Test
  @DisplayName("SW-63 a model of four times the budget runs within it, and gives the same")
  void fourTimesTheBudget() {
    Sequential model = chain();
    double[] expected = answer(model);
    List<Parameter> before = model.parameters();
    long budget = BLOCKS * BLOCK / 4;
    Offload offloaded = Offload.wrap(model, budget, there(), model::parameter);
    Backends.of(there()).resetPeak();
    long start = live();
    List<Long> resident = new ArrayList<>();
    model.forEach(layer ->
        layer.registerForwardHook((module, inputs, output) -> {
          assertEquals(there(), module.parameters().getFirst().device());
          resident.add(live() - start);
          return Optional.empty();
        }));
    assertArrayEquals(expected, answer(offloaded), 1e-5);
    assertEquals(BLOCKS, resident.size());
    resident.forEach(bytes -> assertTrue(bytes <= budget * 1.1, bytes + " of " + budget));
    assertTrue(
        Backends.of(there()).memory().peak() <= start + budget * 1.1,
        "peak " + Backends.of(there()).memory().peak());
    assertEquals(start, live());
    assertEquals(before, offloaded.parameters());
    assertEquals(
        List.copyOf(model.namedParameters().keySet()),
        List.copyOf(offloaded.namedParameters().keySet()));
    before.forEach(p -> assertEquals(Device.CPU, p.device()));
    assertArrayEquals(expected, answer(offloaded), 1e-5);
  }

  @Test
  void theNextBlockIsFetchedBesideOnlyWhereBothFit() {
    Sequential model = chain();
    double[] expected = answer(model);
    Offload tight = Offload.wrap(model, BLOCK, there(), model::parameter);
    long start = live();
    List<Long> resident = new ArrayList<>();
    model.forEach(layer ->
        layer.registerForwardHook((module, inputs, output) -> {
          resident.add(live() - start);
          return Optional.empty();
        }));
    assertArrayEquals(expected, answer(tight), 1e-5);
    resident.forEach(bytes -> assertTrue(bytes < BLOCK + BLOCK / 2, bytes + " of " + BLOCK));
  }

  @Test
  void aBlockLargerThanTheBudgetIsRefused() {
    Sequential model = chain();
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Offload.wrap(model, BLOCK - 1, there(), model::parameter));
    assertEquals(
        "offload: block '0' has 16640 bytes of parameters and buffers, the budget is 16639; raise"
            + " the budget or split the block",
        error.getMessage());
    assertArrayEquals(answer(model), answer(model));
  }

  @Test
  void aBlockThatFailsLeavesTheModelOnTheHost() {
    Sequential model = chain();
    double[] expected = answer(model);
    Offload offloaded = Offload.wrap(model, 2 * BLOCK, there(), model::parameter);
    long start = live();
    var broken =
        model
            .get(3)
            .registerForwardPreHook((module, inputs) -> {
              throw new IllegalStateException("broken");
            });
    assertThrows(IllegalStateException.class, () -> answer(offloaded));
    assertEquals(start, live());
    model.parameters().forEach(p -> assertEquals(Device.CPU, p.device()));
    broken.remove();
    assertArrayEquals(expected, answer(offloaded), 1e-5);
  }

  @Test
  void aRecordedCallIsRefused() {
    Sequential model = chain();
    Offload offloaded = Offload.wrap(model, 2 * BLOCK, there(), model::parameter);
    assertThrows(AutogradException.class, () -> offloaded.forward(input()));
  }

  @Test
  void aSkeletonTakesItsWeightsFromASource() {
    Sequential model = chain();
    double[] expected = answer(model);
    StateDict file = model.stateDict();
    Sequential skeleton = Scope.on(Device.META, Offloading::chainHere);
    Offload offloaded = Offload.wrap(skeleton, 3 * BLOCK, there(), file::get);
    assertArrayEquals(expected, answer(offloaded), 1e-5);
    Offload.Source wrong = path -> Tensor.ones(3);
    assertThrows(
        IllegalArgumentException.class, () -> Offload.wrap(skeleton, 3 * BLOCK, there(), wrong));
  }

  private static Sequential chainHere() {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      layers.add(new Linear(WIDTH, WIDTH));
    }
    return new Sequential(layers);
  }

  @Test
  @DisplayName("SW-63 a file of four times the budget stays in the file, but for what computes")
  void weightsStayInTheFile(@TempDir Path folder) {
    Sequential model = chain();
    double[] expected = answer(model);
    Path file = folder.resolve("model.safetensors");
    model.stateDict().save(file);
    StateDict mapped = Scope.on(Device.CPU, () -> StateDict.map(file));
    Sequential skeleton = Scope.on(Device.META, Offloading::chainHere);
    long budget = BLOCKS * BLOCK / 4;
    Offload offloaded = Offload.wrap(skeleton, budget, there(), mapped::get);
    Backend host = Backends.of(Device.CPU);
    Backends.of(there()).resetPeak();
    long start = live();
    long hostStart = host.memory().live();
    List<Long> onHost = new ArrayList<>();
    skeleton.forEach(layer ->
        layer.registerForwardHook((module, inputs, output) -> {
          onHost.add(host.memory().live() - hostStart);
          return Optional.empty();
        }));
    assertArrayEquals(expected, answer(offloaded), 1e-5);
    assertEquals(BLOCKS, onHost.size());
    onHost.forEach(bytes -> assertTrue(bytes < BLOCK, bytes + " bytes of the file are copied"));
    assertTrue(Backends.of(there()).memory().peak() <= start + budget * 1.1);
    assertEquals(start, live());
  }

  @Test
  void statisticsGoBackToTheHost() {
    BatchNorm1d norm = new BatchNorm1d(2);
    Sequential model = new Sequential(new Relu(), norm);
    Offload offloaded = Offload.wrap(model, 1 << 10, there(), path -> held(model, path));
    Tensor x = Tensor.of(new double[] {2, 4, 6, 8}, 2, 2);
    Scope.noGrad(() ->
        Scope.memory(() -> {
          offloaded.forward(x);
        }));
    assertEquals(Device.CPU, norm.buffer("running_mean").device());
    assertArrayEquals(new double[] {0.4, 0.6}, norm.buffer("running_mean").toDoubleArray(), 1e-6);
  }

  private static Tensor held(Sequential model, String path) {
    Tensor parameter = model.namedParameters().get(path);
    return parameter != null ? parameter : model.buffer(path);
  }
}
