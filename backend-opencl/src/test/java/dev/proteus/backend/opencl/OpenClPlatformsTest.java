package dev.proteus.backend.opencl;

import static dev.proteus.backend.opencl.WithDevice.DEVICE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.BackendUnavailableException;
import dev.proteus.error.DeviceMismatchException;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Module;
import dev.proteus.optim.Adam;
import dev.proteus.spi.Backends;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Two devices of two platforms in one process.
@Isolated("measures memory")
class OpenClPlatformsTest {
  private static final Device OTHER = Device.parse("opencl:1");

  @BeforeAll
  static void devices() {
    WithDevice.checkTwo();
  }

  private static Linear layer(Device device) {
    return Scope.on(device, () -> Scope.withGenerator(new Generator(1), () -> new Linear(4, 3)));
  }

  private static double[] output(Linear layer) {
    Tensor x = Scope.on(layer.weight().device(), () -> Tensor.arange(8).reshape(2, 4).div(8.0));
    return Scope.noGrad(() -> layer.forward(x).toDoubleArray());
  }

  @Test
  void eachIsADeviceOfItsOwn() {
    List<String> lines = new OpenClProvider().describe();
    assertNotEquals(lines.get(0), lines.get(1));
    assertNotSame(Backends.of(DEVICE), Backends.of(OTHER));
    assertEquals(OTHER, Backends.of(OTHER).device());
  }

  @Test
  void to5AnIndexBeyondThemIsAnError() {
    int count = new OpenClProvider().describe().size();
    Device beyond = Device.parse("opencl:" + count);
    var error = assertThrows(BackendUnavailableException.class, () -> Backends.of(beyond));
    assertEquals(
        "device %s: not available: there are %s devices of this kind".formatted(beyond, count),
        error.getMessage());
  }

  @Test
  void to1_op40AModelGoesFromOneToTheOther() {
    Linear layer = layer(DEVICE);
    Linear stays = layer(DEVICE);
    List<Parameter> held = layer.parameters();
    Adam moved = new Adam(held, 0.1);
    Adam still = new Adam(stays.parameters(), 0.1);
    assertArrayEquals(step(stays, still), step(layer, moved));
    long before = Backends.of(DEVICE).memory().live();
    Module there = layer.to(OTHER);
    assertEquals(layer, there);
    assertEquals(held, layer.parameters());
    assertEquals(OTHER, layer.weight().device());
    assertTrue(Backends.of(DEVICE).memory().live() < before);
    assertArrayEquals(output(stays), output(layer), 1e-5);
    assertArrayEquals(step(stays, still), step(layer, moved), 1e-5);
    layer.to(DEVICE);
    assertArrayEquals(step(stays, still), step(layer, moved), 1e-5);
  }

  private static double[] step(Linear layer, Adam optimizer) {
    optimizer.zeroGrad();
    Tensor x = Scope.on(layer.weight().device(), () -> Tensor.arange(8).reshape(2, 4).div(8.0));
    layer.forward(x).square().sum().backward();
    optimizer.step();
    return layer.weight().toDoubleArray();
  }

  @Test
  void operandsOfBothAreAnError() {
    Tensor here = Scope.on(DEVICE, () -> Tensor.ones(2));
    Tensor there = Scope.on(OTHER, () -> Tensor.ones(2));
    var error = assertThrows(DeviceMismatchException.class, () -> here.add(there));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("opencl:0") && message.contains("opencl:1"), message);
  }
}
