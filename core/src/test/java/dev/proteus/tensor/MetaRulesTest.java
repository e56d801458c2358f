package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.NoDataException;
import dev.proteus.op.Expect;
import dev.proteus.op.Index;
import dev.proteus.spi.Backends;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Meta tensors, and scopes of a default device.
class MetaRulesTest {
  private static Tensor meta(long... sizes) {
    return Scope.on(Device.META, () -> Tensor.zeros(sizes));
  }

  @Test
  @DisplayName(
      "MD-1 the inner scope counts, an explicit device before it, and all end by themselves")
  void scopesNest() {
    Device outside = Scope.device();
    Scope.on(
        Device.META,
        () -> {
          Tensor there = Scope.on(outside, () -> Tensor.ones(2));
          assertEquals(outside, there.device());
          assertEquals(Device.META, Tensor.ones(2).device());
          assertEquals(outside, there.zeros(there.spec()).device());
          return there;
        });
    assertThrows(
        IllegalStateException.class,
        () ->
            Scope.on(
                Device.META,
                () -> {
                  throw new IllegalStateException("left");
                }));
    assertEquals(outside, Scope.device());
  }

  @Test
  @DisplayName("MD-2, MD-6, AG-30 a scope is one thread's: others keep the defaults of all")
  void scopesAndThreads() {
    Device usual = Backends.defaultDevice();
    List<Object> seen = new ArrayList<>();
    Scope.on(
        Device.META,
        () ->
            Scope.noGrad(() -> {
              CompletableFuture.runAsync(
                      () -> {
                        seen.add(Scope.device());
                        seen.add(Scope.grad());
                      })
                  .join();
              seen.add(Scope.device());
              seen.add(Scope.grad());
              return seen;
            }));
    assertEquals(List.of(usual, Scope.Grad.ENABLED, Device.META, Scope.Grad.DISABLED), seen);
  }

  @Test
  @DisplayName("AG-30 what asks to require grad does so where nothing is recorded, too")
  void requiringGradWithoutRecording() {
    Tensor x = Scope.noGrad(() -> Tensor.ones(2).requiresGrad_(true));
    x.mul(3.0).sum().backward();
    Expect.values(x.grad().orElseThrow(), 3, 3);
  }

  @Test
  @DisplayName("MD-7 a meta tensor of 2^40 elements knows its layout and needs no memory")
  void hugeTensors() {
    Tensor x = meta(1L << 20, 1L << 20);
    assertEquals(1L << 40, x.numel());
    assertArrayEquals(new long[] {1, 1L << 20}, x.t().layout().strides());
    assertEquals(5L << 20, x.narrow(0, 5, 1).layout().offset());
    assertEquals(4L << 40, x.spec().bytes());
    assertEquals(Shape.of(1L << 20, 1L << 20), x.add(1.0).matmul(x.t()).relu_().shape());
  }

  /// The same call on meta and on a real device.
  private static void alike(UnaryOperator<Tensor> call, long... sizes) {
    Tensor real = call.apply(Tensor.ones(sizes));
    Tensor there = call.apply(meta(sizes));
    assertEquals(real.spec().withDevice(Device.META), there.spec());
    assertArrayEquals(real.layout().strides(), there.layout().strides());
  }

  @Test
  @DisplayName("MD-8 results on meta have the shapes, types and strides of real ones")
  void resultsAreAlike() {
    alike(x -> x.t().add(1.0), 2, 3);
    alike(x -> x.matmul(x.t()), 2, 3);
    alike(x -> x.sum(0).to(DType.FLOAT64), 2, 3);
    alike(x -> x.select(1, 2).unsqueeze(0), 2, 3);
    alike(x -> x.get(Index.at(1), Index.slice(0, 2)), 2, 3);
    alike(x -> x.indexSelect(0, x.select(1, 0).to(DType.INT64)), 2, 3);
    alike(x -> x.sort(1).indices(), 2, 3);
    alike(x -> x.softmax(1).gt(0.5), 2, 3);
  }

  private static String message(Tensor x, UnaryOperator<Tensor> call) {
    Throwable error = assertThrows(RuntimeException.class, () -> call.apply(x));
    return error.getClass()
        + " "
        + String.valueOf(error.getMessage()).replace(x.device().toString(), "the device");
  }

  @Test
  @DisplayName("MD-8, MD-16 errors are the same on every device, word for word")
  void errorsAreAlike() {
    List<UnaryOperator<Tensor>> wrong =
        List.of(
            x -> x.matmul(x),
            x -> x.add(x.t()),
            x -> x.select(0, 7),
            x -> x.t().view(6),
            x -> x.reshape(4),
            x -> x.sum(3),
            x -> x.gather(0, x),
            x -> x.narrow(1, 2, 5),
            x -> x.bitwiseNot(),
            x -> x.add_(x.unsqueeze(0)),
            x -> x.to(DType.INT64).mean(),
            x -> x.topk(9).values(),
            x -> x.linear(x.t()));
    for (int i = 0; i < wrong.size(); i++) {
      UnaryOperator<Tensor> call = wrong.get(i);
      assertEquals(message(Tensor.ones(2, 3), call), message(meta(2, 3), call), "call number " + i);
    }
  }

  @Test
  @DisplayName("MD-10 what depends on values, or reads them, says that there are none")
  void noData() {
    Tensor x = meta(2);
    Tensor mask = x.gt(0);
    assertThrows(NoDataException.class, x::nonzero);
    assertThrows(NoDataException.class, () -> x.maskedSelect(mask));
    assertThrows(NoDataException.class, () -> x.get(Index.at(mask)));
    assertThrows(NoDataException.class, () -> x.equal(x));
    assertThrows(NoDataException.class, x::toDoubleArray);
    assertThrows(NoDataException.class, () -> x.sum().item());
    assertThrows(NoDataException.class, () -> x.gt(0).all().itemBoolean());
    Expect.error(
        NoDataException.class,
        () -> x.to(Backends.defaultDevice()),
        "to",
        "meta",
        "no data",
        "toEmpty");
  }

  @Test
  @DisplayName("MD-13 printing shows all but values, and a copy of a meta tensor is meta")
  void printingAndCopies() {
    Tensor x = meta(1L << 20, 3).to(DType.FLOAT16);
    assertEquals("tensor(..., size=[1048576, 3], dtype=float16, device=meta)", x.toString());
    Tensor copy = x.clone();
    assertNotEquals(x, copy);
    assertEquals(x.spec(), copy.spec());
    assertEquals(Device.META, x.detach().device());
  }
}
