package dev.proteus.backend.opencl;

import static dev.proteus.backend.opencl.WithDevice.DEVICE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.nn.Linear;
import dev.proteus.optim.Adam;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A device without float64, or one that is treated as such. The build runs it in a JVM of its own.
@EnabledIfSystemProperty(
    named = Abilities.FLOAT64,
    matches = "off",
    disabledReason = "devices have float64, unless " + Abilities.FLOAT64 + " is off")
class OpenClFloat64Test {
  @BeforeAll
  static void device() {
    WithDevice.check();
  }

  @Test
  void theListOfDevicesSaysSo() {
    assertFalse(WithDevice.backend().computes(DType.FLOAT64));
    assertTrue(WithDevice.backend().computes(DType.FLOAT32));
    assertTrue(new OpenClProvider().describe().getFirst().endsWith(", no float64"));
  }

  /// Doubles of the host are no float64 of the device.
  @ParameterizedTest
  @EnumSource(DType.class)
  void dt24ValuesComeAndGoInEveryType(DType dtype) {
    double[] values = {0, 1, 2.5, 3.75, 100, -1.5, 1e10};
    double[] expected = made(ReferenceProvider.DEVICE, values).to(dtype).toDoubleArray();
    Tensor there = made(DEVICE, values);
    if (dtype != DType.FLOAT64) {
      there = there.to(dtype);
    }
    assertArrayEquals(expected, there.toDoubleArray());
    assertEquals(expected[4], there.select(0, 4).item());
  }

  private static Tensor made(Device device, double... values) {
    return Scope.on(device, () -> Tensor.of(values));
  }

  @Test
  void float64IsKeptAndBroughtBackButNotComputed() {
    Tensor wide = Tensor.of(1.0, 2.0, 1e-300).to(DType.FLOAT64);
    Tensor there = wide.to(DEVICE);
    assertEquals(DType.FLOAT64, there.dtype());
    assertArrayEquals(wide.toDoubleArray(), there.to(Device.CPU).toDoubleArray());
    assertArrayEquals(wide.toDoubleArray(), there.toDoubleArray());
    Tensor index = Tensor.of(0L, 1).to(DEVICE);
    refused("'mul'", () -> there.mul(2));
    refused("'sum'", () -> there.sum());
    refused("'to'", () -> there.to(DType.FLOAT32));
    refused("'gather'", () -> there.gather(0, index));
    refused("'scatter", () -> there.scatter(0, index, there.narrow(0, 0, 2)));
  }

  private static void refused(String operator, Supplier<Tensor> call) {
    var error = assertThrows(UnsupportedOperatorException.class, call::get);
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith("opencl:0: " + operator), message);
    assertTrue(message.contains("needs float64"), message);
    assertTrue(message.contains("float32"), message);
  }

  @Test
  void aModelOfFloat32Learns() {
    double[] expected = trained(Device.CPU);
    assertArrayEquals(expected, trained(DEVICE), 1e-4);
  }

  private static double[] trained(Device device) {
    Linear layer =
        Scope.on(Device.CPU, () -> Scope.withGenerator(new Generator(1), () -> new Linear(4, 3)));
    Adam optimizer = new Adam(layer.parameters(), 0.01);
    layer.to(device);
    Tensor x = Tensor.arange(20).reshape(5, 4).div(20.0).to(device);
    Tensor labels = Tensor.of(0L, 1, 2, 1, 0).to(device);
    for (int i = 0; i < 5; i++) {
      optimizer.zeroGrad();
      layer.forward(x).crossEntropy(labels).backward();
      optimizer.step();
    }
    return layer.weight().toDoubleArray();
  }
}
