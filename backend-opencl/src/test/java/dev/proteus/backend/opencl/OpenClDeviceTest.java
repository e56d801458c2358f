package dev.proteus.backend.opencl;

import static dev.proteus.backend.opencl.WithDevice.DEVICE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.BackendUnavailableException;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Relu;
import dev.proteus.nn.Sequential;
import dev.proteus.optim.Adam;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Backends;
import dev.proteus.spi.MemoryStats;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Devices, memory and models that move. What other tests have forgotten may be found meanwhile, so
/// live bytes may fall.
@Isolated("measures memory")
class OpenClDeviceTest {
  @BeforeAll
  static void device() {
    WithDevice.check();
  }

  @Test
  void devicesAreDescribed() {
    List<String> lines = new OpenClProvider().describe();
    assertFalse(lines.isEmpty());
    assertTrue(
        lines.getFirst().contains("OpenCL") && lines.getFirst().contains("GiB"), lines::toString);
  }

  @Test
  void to5ADeviceThatIsNotThereIsAnError() {
    var error =
        assertThrows(
            BackendUnavailableException.class, () -> Backends.of(Device.parse("opencl:99")));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith("device opencl:99: not available: there are "), message);
  }

  @Test
  void memoryIsLentAgain() {
    Backend backend = Backends.of(DEVICE);
    addsOnce();
    MemoryStats before = backend.memory();
    for (int i = 0; i < 10; i++) {
      addsOnce();
    }
    MemoryStats after = backend.memory();
    assertTrue(after.live() <= before.live(), after::toString);
    assertEquals(after.allocations() - before.allocations(), after.reused() - before.reused());
    backend.trim();
    assertEquals(0, backend.memory().cached());
  }

  private static void addsOnce() {
    Scope.memory(() -> {
      Tensor _ = Scope.on(DEVICE, () -> Tensor.ones(1000).add(1));
    });
  }

  @Test
  void moreThanThereIsIsAnError() {
    Backend backend = Backends.of(DEVICE);
    long live = backend.memory().live();
    assertThrows(DeviceOutOfMemoryException.class, () -> backend.allocate(1L << 50));
    assertTrue(backend.memory().live() <= live);
  }

  @Test
  void sizesComeInClasses() {
    assertEquals(256, DeviceMemory.size(0));
    assertEquals(256, DeviceMemory.size(256));
    assertEquals(512, DeviceMemory.size(257));
    assertEquals(1 << 20, DeviceMemory.size(1 << 20));
    assertEquals((1 << 20) + (1 << 17), DeviceMemory.size((1 << 20) + 1));
  }

  /// Parts of a storage, in other orders of axes, from memory of the host and back.
  @Test
  void viewsMoveByTheirElements() {
    Tensor x =
        Scope.on(
            ReferenceProvider.DEVICE, () -> Tensor.arange(24).to(DType.FLOAT32).reshape(2, 3, 4));
    assertMoves(x);
    assertMoves(x.select(0, 1));
    assertMoves(x.transpose(0, 2));
    assertMoves(x.slice(2, 1, 3));
    assertMoves(x.slice(0, 2, 2));
  }

  private static void assertMoves(Tensor x) {
    Tensor there = x.to(DEVICE);
    assertEquals(DEVICE, there.device());
    assertArrayEquals(x.toDoubleArray(), there.toDoubleArray());
    Tensor back = there.transpose(0, 1).to(ReferenceProvider.DEVICE);
    assertArrayEquals(x.transpose(0, 1).toDoubleArray(), back.toDoubleArray());
    there.add_(1);
    assertFalse(x.equal(there.to(ReferenceProvider.DEVICE)) && x.numel() > 0);
  }

  /// A network that trains there takes the steps that it takes on the reference backend, and comes
  /// back with them.
  @Test
  void to1_op20AModelTrainsThereAndComesBack() {
    double[] expected = trained(ReferenceProvider.DEVICE);
    double[] actual = trained(DEVICE);
    assertArrayEquals(expected, actual, 1e-4);
  }

  private static double[] trained(Device device) {
    Sequential model =
        Scope.on(
            ReferenceProvider.DEVICE,
            () ->
                Scope.withGenerator(
                    new Generator(1),
                    () -> new Sequential(new Linear(4, 8), new Relu(), new Linear(8, 3))));
    List<Parameter> held = model.parameters();
    Adam optimizer = new Adam(held, 0.01);
    model.to(device);
    Tensor x = Scope.on(device, () -> Tensor.arange(20).reshape(5, 4).div(20.0));
    Tensor labels = Tensor.of(0L, 1, 2, 1, 0).to(device);
    for (int i = 0; i < 5; i++) {
      optimizer.zeroGrad();
      model.forward(x).crossEntropy(labels).backward();
      optimizer.step();
    }
    model.to(ReferenceProvider.DEVICE);
    assertEquals(held, model.parameters());
    return model.forward(x.to(ReferenceProvider.DEVICE)).toDoubleArray();
  }
}
