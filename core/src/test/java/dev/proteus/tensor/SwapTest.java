package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StaleGraphException;
import dev.proteus.error.SwapRefusedException;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Exchanging bodies.
class SwapTest {
  @Test
  @DisplayName("SW-1, SW-3 to SW-5, SW-14 content moves, identities stay")
  void whatMoves() {
    Tensor a = Tensor.of(1.0, 2.0).requiresGrad_(true);
    Tensor b = Tensor.of(1L, 2L, 3L);
    a.setGrad(Tensor.ones(2));
    Tensor grad = a.grad().orElseThrow();
    Tensor alias = a.detach();
    Tensor.swap(a, b);
    assertArrayEquals(new long[] {1, 2, 3}, a.toLongArray());
    assertEquals(DType.INT64, a.dtype());
    assertFalse(a.requiresGrad());
    assertTrue(b.requiresGrad());
    assertSame(grad, b.grad().orElseThrow());
    assertEquals(Optional.empty(), a.grad());
    assertTrue(alias.sharesStorageWith(b));
    Tensor.swap(a, b);
    assertArrayEquals(new double[] {1, 2}, a.toDoubleArray());
  }

  @Test
  @DisplayName("SW-6, SW-10 a node and a version move")
  void historyMoves() {
    Tensor x = Tensor.of(2.0).requiresGrad_(true);
    Tensor y = x.mul(x);
    Tensor plain = Tensor.zeros(1).zero_();
    Tensor.swap(y, plain);
    assertTrue(y.isLeaf());
    assertEquals(1, y.version());
    plain.backward();
    assertEquals(4, x.grad().orElseThrow().item());
  }

  @Test
  @DisplayName("SW-7 hooks follow the body")
  void hooksMove() {
    Tensor a = Tensor.of(1.0).requiresGrad_(true);
    Tensor b = Tensor.of(5.0).requiresGrad_(true);
    List<Tensor> told = new ArrayList<>();
    a.registerPostAccumulateHook(told::add);
    Tensor.swap(a, b);
    b.mul(2).backward();
    a.mul(2).backward();
    assertEquals(List.of(b), told);
  }

  @Test
  @DisplayName("SW-15 shapes, types and devices need not match")
  void anythingGoes() {
    Tensor a = Tensor.of(1.0, 2.0);
    Tensor b = Scope.on(Device.META, () -> Tensor.zeros(Shape.of(1L << 40), DType.INT8));
    Tensor.swap(a, b);
    assertEquals(Device.META, a.device());
    assertArrayEquals(new double[] {1, 2}, b.toDoubleArray());
  }

  @Test
  @DisplayName("D-3, SW-9 a parameter stays a parameter")
  void roleStays() {
    Parameter p = Parameter.of(Tensor.ones(2));
    Tensor t = Tensor.of(7.0);
    Tensor.swap(p, t);
    assertInstanceOf(Parameter.class, p);
    assertFalse(p.requiresGrad());
    assertEquals(7, p.item());
  }

  @Test
  @DisplayName("SW-30, SW-34 a graph recorded before the swap is stale, a new one works")
  void staleGraph() {
    Tensor a = Tensor.of(2.0).requiresGrad_(true);
    Tensor b = Tensor.of(3.0).requiresGrad_(true);
    Tensor y = a.mul(a);
    Tensor.swap(a, b);
    assertThrows(StaleGraphException.class, y::backward);
    a.mul(a).backward();
    assertEquals(6, a.grad().orElseThrow().item());
    assertEquals(Optional.empty(), b.grad());
  }

  @Test
  @DisplayName("SW-40, SW-41 views and bases may be swapped")
  void views() {
    Tensor base = Tensor.of(1.0, 2.0, 3.0);
    Tensor view = base.narrow(0, 1, 1);
    Tensor other = Tensor.of(9.0);
    Tensor.swap(view, other);
    other.zero_();
    assertArrayEquals(new double[] {1, 0, 3}, base.toDoubleArray());
    Tensor.swap(base, view);
    assertArrayEquals(new double[] {9}, base.toDoubleArray());
  }

  @Test
  @DisplayName("SW-46 a tensor swapped with itself keeps its graphs")
  void withItself() {
    Tensor a = Tensor.of(2.0).requiresGrad_(true);
    Tensor y = a.mul(a);
    Tensor.swap(a, a);
    y.backward();
    assertEquals(4, a.grad().orElseThrow().item());
  }

  @Test
  @DisplayName("SW-45, SW-48 swapAll makes all exchanges or none")
  void allOrNothing() {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2.0);
    Tensor c = Tensor.of(3.0);
    assertThrows(
        SwapRefusedException.class, () -> Tensor.swapAll(List.of(new Swap(a, b), new Swap(b, c))));
    assertEquals(1, a.item());
    Tensor d = Tensor.of(4.0);
    Tensor.swapAll(List.of(new Swap(a, b), new Swap(c, d)));
    assertEquals(List.of(2.0, 1.0, 4.0, 3.0), List.of(a.item(), b.item(), c.item(), d.item()));
  }

  @Test
  @DisplayName("SW-47 swaps in opposite order from many threads end in a legal state")
  void threads() throws InterruptedException {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2.0);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      boolean forward = i % 2 == 0;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int k = 0; k < 200; k++) {
                  Tensor.swap(forward ? a : b, forward ? b : a);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(1, a.item());
    assertEquals(2, b.item());
  }
}
