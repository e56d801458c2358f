package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.op.Expect;
import dev.proteus.type.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Handles, which have an identity, and bodies, which have everything else.
class HandleTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad_(true);
  }

  @Test
  @DisplayName(
      "D-1 of two tensors that are swapped each has all of the other, but for being itself")
  void everythingButIdentityMoves() {
    Parameter a = Parameter.of(Tensor.of(1.0, 2.0));
    a.mul(a).sum().backward();
    Tensor grad = a.grad().orElseThrow();
    Tensor b = Tensor.arange(6).reshape(2, 3).t();
    b.add_(1L);
    int hash = a.hashCode();
    Tensor.swap(a, b);
    assertEquals(hash, a.hashCode());
    assertNotEquals(a, b);
    assertInstanceOf(Parameter.class, a);
    Expect.shape(a, 3, 2);
    assertEquals(DType.INT64, a.dtype());
    assertArrayEquals(new long[] {1, 3}, a.layout().strides());
    assertEquals(1, a.version());
    assertTrue(a.isView());
    assertFalse(a.requiresGrad());
    assertTrue(a.grad().isEmpty());
    Expect.values(b, 1, 2);
    assertEquals(0, b.version());
    assertFalse(b.isView());
    assertTrue(b.requiresGrad());
    assertSame(grad, b.grad().orElseThrow());
  }

  @Test
  @DisplayName("D-2 a handle equals itself alone, and goes on doing so whatever is written into it")
  void identity() {
    Tensor a = Tensor.of(1.0, 2.0);
    Tensor same = Tensor.of(1.0, 2.0);
    assertNotEquals(a, same);
    assertNotEquals(a, a.detach());
    Map<Tensor, String> names = new HashMap<>(Map.of(a, "a", same, "same"));
    a.add_(1.0);
    Tensor.swap(a, Tensor.of(7L));
    assertEquals("a", names.get(a));
    assertEquals("same", names.get(same));
  }

  @Test
  @DisplayName("D-4 a call works on the bodies it began with, also when they are swapped meanwhile")
  void swapsDuringACall() {
    Tensor x = leaf(2, 3);
    Tensor y = x.mul(1.0);
    Tensor product =
        Scope.savedTensorHooks(
            saved -> {
              Tensor.swap(y, Tensor.of(100.0, 100.0));
              return saved;
            },
            saved -> saved,
            () -> y.mul(y));
    Expect.values(product, 4, 9);
    product.sum().backward();
    Expect.values(x.grad().orElseThrow(), 4, 6);
  }

  @Test
  @DisplayName(
      "D-4 views, saved tensors and graphs hold bodies: a swap of handles is nothing to them")
  void bodiesAreHeld() {
    Tensor w = leaf(2);
    Tensor x = w.mul(3.0);
    Tensor view = x.narrow(0, 0, 1);
    Tensor y = x.mul(x);
    Tensor other = Tensor.of(50.0);
    Tensor.swap(x, other);
    y.backward();
    Expect.values(w.grad().orElseThrow(), 2 * 6 * 3);
    assertTrue(view.sharesStorageWith(other));
    Scope.noGrad(() -> view.add_(1.0));
    Expect.values(other, 7);
    Expect.values(x, 50);
    List<Tensor> grads = Tensor.grad(other.sum(), List.of(w));
    Expect.values(grads.getFirst(), 3);
  }
}
