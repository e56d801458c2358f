package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DeviceMismatchException;
import dev.proteus.error.NoDataException;
import dev.proteus.op.Expect;
import dev.proteus.op.Index;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Operands of one call on several devices: the CPU, the reference backend, meta.
class MixedDevicesTest {
  private static final Device THERE = ReferenceProvider.DEVICE;

  private static Tensor on(Device device, double... values) {
    return Scope.on(Device.CPU, () -> Tensor.of(values)).to(device);
  }

  private static Tensor scalar(Device device, double value) {
    return on(device, value).squeeze(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference:0", "meta"})
  @DisplayName("BC-5, MD-9 a scalar of the CPU joins tensors of any device, on either side")
  void scalarsOfTheCpuJoin(String name) {
    Device device = Device.parse(name);
    Tensor x = on(device, 1, 2);
    Tensor two = scalar(Device.CPU, 2);
    for (Tensor y : new Tensor[] {x.mul(two), two.mul(x), x.where(x.gt(two), two)}) {
      assertEquals(x.spec(), y.spec());
    }
    assertEquals(device, x.add_(two).device());
  }

  @Test
  @DisplayName("BC-5 a gradient comes back to the scalar on the CPU")
  void gradientOfAJoinedScalar() {
    Tensor two = scalar(Device.CPU, 2).requiresGrad_(true);
    on(THERE, 3, 4).mul(two).sum().backward();
    Tensor grad = two.grad().orElseThrow();
    assertEquals(two.spec(), grad.spec());
    Expect.values(grad, 7);
  }

  @Test
  @DisplayName("BC-5 any other mix is refused, with both operands' devices in the message")
  void otherMixesAreRefused() {
    Tensor here = on(Device.CPU, 1, 2);
    Tensor there = on(THERE, 1, 2);
    Expect.error(
        DeviceMismatchException.class, () -> here.add(there), "add", "cpu", "reference:0", "to(");
    Expect.error(
        DeviceMismatchException.class, () -> here.mul(scalar(THERE, 2)), "mul", "reference:0");
    Expect.error(
        DeviceMismatchException.class, () -> here.add_(there), "add", "cpu", "reference:0");
    Expect.values(here, 1, 2);
    assertEquals(0, here.version());
    assertThrows(
        DeviceMismatchException.class, () -> here.indexSelect(0, on(THERE, 0).to(DType.INT64)));
  }

  @Test
  @DisplayName("AG-5 a gradient is assigned from the tensor's own device only")
  void assignedGradients() {
    Tensor x = on(Device.CPU, 1, 2).requiresGrad_(true);
    assertThrows(DeviceMismatchException.class, () -> x.setGrad(on(THERE, 1, 2)));
    assertTrue(x.grad().isEmpty());
  }

  @Test
  @DisplayName("MD-9 vectors do not mix with meta, nor do scalars of meta with vectors")
  void metaDoesNotMix() {
    Tensor real = on(Device.CPU, 1, 2);
    Tensor meta = on(Device.META, 1, 2);
    assertThrows(DeviceMismatchException.class, () -> meta.add(real));
    assertThrows(DeviceMismatchException.class, () -> real.add(meta));
    assertThrows(DeviceMismatchException.class, () -> real.mul(scalar(Device.META, 2)));
    assertThrows(DeviceMismatchException.class, () -> real.mul_(scalar(Device.META, 2)));
    Expect.values(real, 1, 2);
  }

  @Test
  @DisplayName("MD-9 indices on the CPU pick from a meta tensor")
  void indicesOfMeta() {
    Tensor meta = Scope.on(Device.META, () -> Tensor.zeros(4, 3));
    Tensor index = Scope.on(Device.CPU, () -> Tensor.of(0L, 3L, 3L));
    Expect.shape(meta.indexSelect(0, index), 3, 3);
    Expect.shape(meta.get(Index.at(index)), 3, 3);
    assertEquals(Device.META, meta.get(Index.at(index)).device());
  }

  @Test
  @DisplayName("MD-10, MD-11 data goes into meta and is gone, out of it there is none")
  void metaAndData() {
    Tensor real = on(Device.CPU, 1, 2);
    Tensor meta = real.to(Device.META);
    assertEquals(real.spec().withDevice(Device.META), meta.spec());
    assertThrows(NoDataException.class, () -> meta.to(Device.CPU));
    assertThrows(NoDataException.class, () -> real.copy_(meta));
    meta.copy_(on(THERE, 5, 6));
    assertEquals(1, meta.version());
  }
}
