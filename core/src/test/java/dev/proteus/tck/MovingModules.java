package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.nn.BatchNorm1d;
import dev.proteus.nn.Bias;
import dev.proteus.nn.Layer;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Sequential;
import dev.proteus.nn.quant.Int4Weight;
import dev.proteus.nn.quant.Int8Weight;
import dev.proteus.nn.quant.Quantization;
import dev.proteus.optim.Adam;
import dev.proteus.optim.Optimizer;
import dev.proteus.spi.Backends;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Modules, optimizers, kinds and files between two devices with data, and the meta device.
@Isolated("measures memory")
public abstract class MovingModules {
  /// So much may the devices' last bits grow to in a few steps.
  private static final double CLOSE = 1e-4;

  /// Where models are made.
  protected abstract Device here();

  /// Where they go.
  protected abstract Device there();

  /// Without a bias before the norm, whose gradient would be nothing but what rounding leaves.
  private Layer model(long seed) {
    return Scope.on(
        here(),
        () ->
            Scope.withGenerator(
                new Generator(seed),
                () ->
                    new Sequential(
                        new Linear(3, 4, Bias.NONE), new BatchNorm1d(4), new Linear(4, 1))));
  }

  private static void step(Layer model, Optimizer<?> optimizer) {
    Scope.on(
        model.parameters().getFirst().device(),
        () -> {
          optimizer.zeroGrad();
          Tensor input = Tensor.linspace(-9, 9, 15).sin().reshape(5, 3);
          model.forward(input).square().sum().backward();
          optimizer.step();
          return input;
        });
  }

  private static void assertAlike(Layer expected, Layer actual) {
    expected
        .namedParameters()
        .forEach((name, parameter) ->
            assertArrayEquals(
                parameter.toDoubleArray(), actual.parameter(name).toDoubleArray(), CLOSE, name));
  }

  // ---- moves

  @Test
  void to26Op40AMovedModelLearnsOnAsIfItHadStayed() {
    Layer stays = model(1);
    Layer moves = model(1);
    Adam one = new Adam(stays.parameters(), 0.1);
    Adam two = new Adam(moves.parameters(), 0.1);
    List<Parameter> parameters = moves.parameters();
    step(stays, one);
    step(moves, two);
    Tensor grad = parameters.getFirst().grad().orElseThrow();
    assertSame(moves, moves.to(there()));
    assertEquals(parameters, moves.parameters());
    assertSame(grad, parameters.getFirst().grad().orElseThrow());
    assertEquals(there(), grad.device());
    assertEquals(there(), moves.buffer("1.running_mean").device());
    step(stays, one);
    step(moves, two);
    two.state(parameters.getFirst())
        .orElseThrow()
        .tensors()
        .values()
        .forEach(remembered -> assertEquals(there(), remembered.device()));
    moves.to(here());
    step(stays, one);
    step(moves, two);
    assertAlike(stays, moves);
  }

  /// Moving changes no bit of weights, gradients and what the optimizer remembers.
  @Test
  void to1Op41WhatIsMovedThereAndBackIsTheSameToTheBit() {
    Layer model = model(3);
    Adam optimizer = new Adam(model.parameters(), 0.1);
    step(model, optimizer);
    StateDict weights = model.stateDict().copy();
    StateDict remembered = optimizer.stateDict().copy();
    for (Device device : List.of(there(), here())) {
      model.to(device);
      optimizer.migrateState();
      assertEqual(weights, model.stateDict());
      assertEqual(remembered, optimizer.stateDict());
    }
  }

  private static void assertEqual(StateDict expected, StateDict actual) {
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    expected
        .tensors()
        .forEach((name, tensor) ->
            assertArrayEquals(tensor.toDoubleArray(), actual.get(name).toDoubleArray(), name));
  }

  @Test
  void to22To40ThroughMetaAndItsStateItLearnsOn() {
    Layer stays = model(1);
    Layer moves = model(1);
    Adam one = new Adam(stays.parameters(), 0.1);
    Adam two = new Adam(moves.parameters(), 0.1);
    List<Parameter> parameters = moves.parameters();
    step(stays, one);
    moves.to(there());
    step(moves, two);
    StateDict weights = moves.stateDict().copy();
    moves.to(Device.META);
    assertTrue(parameters.stream().allMatch(p -> p.device().isMeta()));
    moves.toEmpty(there());
    moves.load(weights);
    assertEquals(parameters, moves.parameters());
    step(stays, one);
    step(moves, two);
    assertEquals(2, two.state(parameters.getFirst()).orElseThrow().steps());
    assertAlike(stays, moves);
  }

  @Test
  void movingFreesTheMemoryLeftBehind() {
    long before = live(here());
    Layer model = Scope.memory(() -> model(1));
    model.to(there());
    assertTrue(live(here()) <= before, () -> live(here()) + " bytes, before " + before);
  }

  /// What other tests have forgotten may be found meanwhile, so live bytes may fall.
  @Test
  void to1To26AThousandMovesLeaveNothingBehind() {
    Linear layer = Scope.on(here(), () -> new Linear(16, 16));
    List<Parameter> held = layer.parameters();
    double[] values = layer.weight().toDoubleArray();
    long atFirstHere = live(here());
    long atFirstThere = live(there());
    for (int i = 0; i < 1000; i++) {
      layer.to(there());
      layer.to(here());
    }
    assertTrue(live(here()) <= atFirstHere);
    assertTrue(live(there()) <= atFirstThere);
    assertEquals(held, layer.parameters());
    assertArrayEquals(values, layer.weight().toDoubleArray());
  }

  private static long live(Device device) {
    return Backends.of(device).memory().live();
  }

  // ---- state

  @Test
  void sd30Sd31CopyCrossesDevicesAndAssignMoves() {
    Layer from = model(1);
    Layer to = model(2);
    to.to(there());
    to.load(from.stateDict());
    assertEquals(there(), to.parameters().getFirst().device());
    assertEqual(from.stateDict(), to.stateDict());
    to.load(from.stateDict(), LoadOptions.DEFAULT.assign());
    assertEquals(here(), to.parameters().getFirst().device());
  }

  @Test
  void sd30AFileWrittenThereIsReadThere(@TempDir Path folder) {
    Layer model = model(1);
    Adam optimizer = new Adam(model.parameters(), 0.1);
    model.to(there());
    step(model, optimizer);
    Path file = folder.resolve("model.safetensors");
    model.stateDict().save(file);
    StateDict read = Scope.on(there(), () -> StateDict.load(file));
    assertEquals(there(), read.get("0.weight").device());
    assertEqual(model.stateDict(), read);
    Layer other = model(2);
    other.to(there());
    other.load(read);
    assertEqual(model.stateDict(), other.stateDict());
    Layer onHost = model(2);
    onHost.load(Scope.on(here(), () -> StateDict.load(file)), LoadOptions.DEFAULT.assign());
    assertEquals(here(), onHost.parameters().getFirst().device());
    assertEqual(model.stateDict(), onHost.stateDict());
  }

  // ---- kinds

  /// The kinds of weights in fewer bits.
  enum Format {
    INT8(Int8Weight.KIND),
    INT4(Int4Weight.KIND);

    private final Kind<?> kind;

    Format(Kind<?> kind) {
      this.kind = kind;
    }

    private void apply(Layer module) {
      switch (this) {
        case INT8 -> Quantization.int8(module);
        case INT4 -> Quantization.int4(module);
      }
    }
  }

  private static double[] output(Layer model) {
    return Scope.on(
        model.parameters().getFirst().device(),
        () ->
            Scope.noGrad(
                () -> model.forward(Tensor.linspace(-1, 1, 80).reshape(2, 40)).toDoubleArray()));
  }

  private Linear quantized(Format format) {
    Linear layer =
        Scope.on(here(), () -> Scope.withGenerator(new Generator(5), () -> new Linear(40, 3)));
    format.apply(layer);
    return layer;
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void to1To25AKindIsMovedUsedAndBroughtBack(Format format) {
    Linear layer = quantized(format);
    Parameter weight = layer.weight();
    double[] values = weight.toDoubleArray();
    double[] before = output(layer);
    layer.to(there());
    assertSame(weight, layer.weight());
    assertSame(format.kind, Kind.of(weight).orElseThrow());
    assertEquals(there(), weight.device());
    assertArrayEquals(before, output(layer), CLOSE);
    layer.to(here());
    assertSame(format.kind, Kind.of(weight).orElseThrow());
    assertArrayEquals(values, weight.toDoubleArray());
    assertArrayEquals(before, output(layer));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void whatIsQuantizedThereIsWhatIsQuantizedHere(Format format) {
    Linear layer = Scope.on(here(), () -> new Linear(40, 3));
    Linear other = Scope.on(here(), () -> new Linear(40, 3));
    other.load(layer.stateDict());
    other.to(there());
    format.apply(layer);
    format.apply(other);
    assertEquals(there(), other.weight().device());
    assertArrayEquals(layer.weight().toDoubleArray(), other.weight().toDoubleArray(), CLOSE);
    assertArrayEquals(output(layer), output(other), CLOSE);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void sd30AFileOfAKindCrossesDevices(Format format, @TempDir Path folder) {
    Linear layer = quantized(format);
    layer.to(there());
    Path file = folder.resolve("layer.safetensors");
    layer.stateDict().save(file);
    Linear other = quantized(format);
    Scope.noGrad(() -> other.bias().orElseThrow().zero_());
    other.load(Scope.on(there(), () -> StateDict.load(file, format.kind)));
    assertEquals(here(), other.weight().device());
    assertSame(format.kind, Kind.of(other.weight()).orElseThrow());
    layer.to(here());
    assertArrayEquals(output(layer), output(other));
  }
}
