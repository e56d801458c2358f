package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.NoDataException;
import dev.proteus.error.ShapeException;
import dev.proteus.spi.Backends;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Settings in force for a stretch of code.
class ScopeTest {
  @Test
  @DisplayName("AG-30 gradient mode nests and is restored, also by an exception")
  void gradMode() {
    assertEquals(Scope.Grad.ENABLED, Scope.grad());
    Scope.noGrad(() -> {
      assertEquals(Scope.Grad.DISABLED, Scope.grad());
      Scope.withGrad(
          Scope.Grad.ENABLED,
          () -> {
            assertEquals(Scope.Grad.ENABLED, Scope.grad());
            return 0;
          });
    });
    assertThrows(
        IllegalStateException.class,
        () ->
            Scope.noGrad(() -> {
              throw new IllegalStateException("left");
            }));
    assertEquals(Scope.Grad.ENABLED, Scope.grad());
  }

  @Test
  @DisplayName(
      "MD-1, MD-7, MD-8 the meta device makes shapes without storage and reports real errors")
  void meta() {
    Tensor x =
        Scope.on(Device.META, () -> Tensor.zeros(Shape.of(1L << 20, 1L << 20), DType.FLOAT32));
    assertEquals(Shape.of(1L << 20), x.sum(0).shape());
    assertEquals(Device.META, x.add(x).device());
    assertThrows(NoDataException.class, x.sum()::item);
    assertThrows(NoDataException.class, () -> x.to(Backends.defaultDevice()));
    assertEquals(
        "tensor(..., size=[2], device=meta)",
        Scope.on(Device.META, () -> Tensor.zeros(2)).toString());
  }

  @Test
  @DisplayName("MD-11 copies into meta tensors drop the data and check shapes; out of them fail")
  void metaCopies() {
    Tensor meta = Scope.on(Device.META, () -> Tensor.zeros(2, 3));
    meta.copy_(Tensor.ones(3));
    assertEquals(1, meta.version());
    assertThrows(ShapeException.class, () -> meta.copy_(Tensor.ones(4)));
    Tensor real = Tensor.ones(2, 3);
    assertThrows(NoDataException.class, () -> real.copy_(meta));
    assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1}, real.toDoubleArray());
  }

  @Test
  @DisplayName("MD-12 gradients of meta tensors are meta tensors")
  void metaGradients() {
    Tensor x = Scope.on(Device.META, () -> Tensor.zeros(3)).requiresGrad_(true);
    x.mul(x).sum().backward();
    assertEquals(x.spec(), x.grad().orElseThrow().spec());
  }

  @Test
  @DisplayName("SC-3 interpreters see calls as written, the innermost first, and not their own")
  void interpreters() {
    List<String> seen = new ArrayList<>();
    Tensor x = Tensor.of(1.0, 2.0);
    Tensor y =
        Scope.with(
            call -> {
              seen.add("outer " + call.op().name());
              return call.proceed();
            },
            () ->
                Scope.with(
                    call -> {
                      seen.add("inner " + call.op().name());
                      x.mul(x);
                      return call.proceed();
                    },
                    () -> x.add(x)));
    assertArrayEquals(new double[] {2, 4}, y.toDoubleArray());
    assertEquals(List.of("inner add", "outer mul", "outer add"), seen);
  }
}
