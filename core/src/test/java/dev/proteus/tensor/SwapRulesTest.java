package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StaleGraphException;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a swap moves, what it leaves, and what it does not refuse.
class SwapRulesTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad_(true);
  }

  @Test
  void sw1Sw2WhoeverHoldsATensorGoesOnHoldingIt() {
    Tensor a = Tensor.arange(2);
    Tensor b = Tensor.arange(3);
    List<Tensor> held = List.of(a);
    Map<Tensor, String> remembered = new HashMap<>(Map.of(a, "a", b, "b"));
    Tensor.swap(a, b);
    assertSame(a, held.getFirst());
    assertArrayEquals(new long[] {0, 1, 2}, held.getFirst().toLongArray());
    assertEquals("a", remembered.get(a));
    assertEquals("b", remembered.get(b));
  }

  @Test
  void sw3StridesOffsetTypeAndDeviceMove() {
    Tensor a = Tensor.of(1.0, 2.0, 3.0, 4.0).reshape(2, 2).t().narrow(0, 1, 1);
    Tensor b = Scope.on(Device.META, () -> Tensor.zeros(Shape.of(3), DType.INT16));
    var layout = a.layout();
    TensorSpec specOfA = a.spec();
    TensorSpec specOfB = b.spec();
    Tensor.swap(a, b);
    assertEquals(specOfB, a.spec());
    assertEquals(specOfA, b.spec());
    assertEquals(layout, b.layout());
    assertEquals(1, b.layout().offset());
  }

  @Test
  void sw11DetachedAliasesFollowTheStorage() {
    Tensor a = Tensor.of(1.0, 2.0);
    Tensor b = Tensor.of(3.0);
    Tensor alias = a.detach();
    Tensor.swap(a, b);
    alias.zero_();
    assertArrayEquals(new double[] {0, 0}, b.toDoubleArray());
    assertEquals(3, a.item());
  }

  @Test
  void sw13TheMarkOfInferenceMoves() {
    Tensor a = Scope.inference(() -> Tensor.of(1.0));
    Tensor b = Tensor.of(2.0);
    Tensor.swap(a, b);
    assertFalse(a.isInference());
    assertTrue(b.isInference());
    assertTrue(a.requiresGrad_(true).requiresGrad());
  }

  @Test
  void sw14Sw15EveryPairMayBeSwappedAndASecondSwapRestoresAll() {
    List<Tensor> kinds =
        List.of(
            Tensor.rand(2),
            Tensor.rand(3, 3),
            Tensor.of(new long[9], 3, 3),
            leaf(1, 2).mul(2),
            Parameter.of(Tensor.ones(2)),
            Buffer.of(Tensor.of(true, false)),
            Scope.on(Device.META, () -> Tensor.zeros(1L << 40)));
    for (Tensor a : kinds) {
      for (Tensor b : kinds) {
        TensorSpec specOfA = a.spec();
        TensorSpec specOfB = b.spec();
        boolean required = a.requiresGrad();
        boolean leaf = b.isLeaf();
        Tensor.swap(a, b);
        assertEquals(specOfB, a.spec());
        assertEquals(specOfA, b.spec());
        Tensor.swap(a, b);
        assertEquals(specOfA, a.spec());
        assertEquals(specOfB, b.spec());
        assertEquals(required, a.requiresGrad());
        assertEquals(leaf, b.isLeaf());
      }
    }
  }

  @Test
  void sw16WritesInPlaceGiveBackTheHandleTheyWereCalledOn() {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2.0, 3.0);
    Tensor.swap(a, b);
    assertSame(a, a.fill_(5.0));
    assertSame(b, b.add_(1.0));
    assertArrayEquals(new double[] {5, 5}, a.toDoubleArray());
    assertEquals(2, b.item());
  }

  @Test
  void sw20WeakReferencesAndObserversBlockNothing() {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2.0);
    WeakReference<Tensor> weak = new WeakReference<>(a);
    Tensor.swap(a, b);
    assertSame(a, weak.get());
    assertEquals(2, a.item());
  }

  @Test
  void sw22Sw36SavedTensorsAndTheirGraphsBlockNothing() {
    Tensor x = leaf(3.0);
    Tensor square = x.mul(x);
    Tensor result = square.mul(2);
    Tensor other = Tensor.of(9.0);
    Tensor.swap(square, other);
    assertEquals(9, square.item());
    assertTrue(square.isLeaf());
    result.backward();
    assertEquals(12, x.grad().orElseThrow().item(), "downstream goes on with the call it used");
    Tensor again = x.mul(x);
    Tensor.swap(x, Tensor.of(1.0));
    assertThrows(StaleGraphException.class, again::backward);
  }

  @Test
  void sw23ABaseWithoutGradientsAndALiveViewMayBeSwapped() {
    Tensor base = Tensor.of(1.0, 2.0);
    Tensor view = base.narrow(0, 0, 1);
    Tensor other = Tensor.of(7L);
    Tensor.swap(base, other);
    assertEquals(7, base.itemLong());
    assertTrue(view.sharesStorageWith(other));
  }

  @Test
  void sw24Sw25OnlyNothingIsRefusedAndTheMessageSaysWhich() {
    Tensor some = Tensor.of(1.0);
    Tensor none = absent();
    var first = assertThrows(NullPointerException.class, () -> Tensor.swap(none, some));
    var second = assertThrows(NullPointerException.class, () -> Tensor.swap(some, none));
    assertTrue(String.valueOf(first.getMessage()).contains("tensor a"), first.getMessage());
    assertTrue(String.valueOf(second.getMessage()).contains("tensor b"), second.getMessage());
    assertEquals(1, some.item());
  }

  /// What callers without a null checker may pass.
  @SuppressWarnings("NullAway")
  private static Tensor absent() {
    return null;
  }

  @Test
  void sw31Sw32AfterBackwardASwapIsFineAndNewGraphsAccumulateIntoTheirOwn() {
    Tensor a = leaf(2.0);
    Tensor b = leaf(5.0);
    a.mul(a).backward();
    Tensor.swap(a, b);
    Tensor gradOfB = b.grad().orElseThrow();
    a.mul(a).backward();
    assertEquals(10, a.grad().orElseThrow().item());
    assertSame(gradOfB, b.grad().orElseThrow());
    assertEquals(4, gradOfB.item());
  }

  @Test
  void sw33GradientsThatArrivedBeforeTheStaleLeafStay() {
    Tensor good = leaf(2.0);
    Tensor swapped = leaf(3.0);
    Tensor middle = good.mul(swapped);
    middle.retainGrad();
    Tensor result = middle.mul(5);
    Tensor.swap(swapped, Tensor.of(1.0));
    assertThrows(StaleGraphException.class, result::backward);
    assertEquals(5, middle.grad().orElseThrow().item());
  }

  @Test
  void sw45ARefusalLeavesGraphsUsable() {
    Tensor a = leaf(2.0);
    Tensor y = a.mul(a);
    Swap once = new Swap(a, Tensor.of(1.0));
    assertThrows(RuntimeException.class, () -> Tensor.swapAll(List.of(once, once)));
    y.backward();
    assertEquals(4, a.grad().orElseThrow().item());
  }

  @Test
  void sw50ASwapRunsNoOperator() {
    List<String> seen = new ArrayList<>();
    Interpreter watch =
        call -> {
          seen.add(call.op().name());
          return call.proceed();
        };
    Tensor a = leaf(1.0);
    Tensor b = Scope.on(Device.META, () -> Tensor.zeros(1L << 40));
    int version = a.version();
    Scope.with(
        watch,
        () -> {
          Tensor.swap(a, b);
          return Optional.empty();
        });
    assertEquals(List.of(), seen);
    assertEquals(version, b.version());
  }

  // ---- Tensor.to and copy_

  @Test
  void tt1NothingToChangeGivesTheTensorItself() {
    Tensor x = leaf(1.0);
    assertSame(x, x.to(x.dtype()));
    assertSame(x, x.to(x.device()));
    assertSame(x, x.to(x.device(), x.dtype()));
    Tensor copy = x.clone();
    assertFalse(copy.sharesStorageWith(x));
  }

  @Test
  void tt2TheResultOfAConversionIsNoLeafAndItsSourceGetsTheGradient() {
    Tensor x = leaf(1.0, 2.0);
    Tensor wide = x.to(DType.FLOAT64);
    assertFalse(wide.isLeaf());
    wide.mul(3).sum().backward();
    assertEquals(Optional.empty(), wide.grad());
    assertEquals(DType.FLOAT32, x.grad().orElseThrow().dtype());
    assertArrayEquals(new double[] {3, 3}, x.grad().orElseThrow().toDoubleArray());
  }

  @Test
  void tt3AnyTypeAndTheLayoutIsKept() {
    Tensor x = Tensor.of(1.5, -2.5, 3.0, 4.0).reshape(2, 2).t().requiresGrad_(false);
    Tensor learned = x.detach().requiresGrad_(true);
    Tensor integers = learned.to(DType.INT32);
    assertFalse(integers.requiresGrad());
    assertEquals(x.layout(), integers.layout());
    assertArrayEquals(new long[] {1, 3, -2, 4}, integers.toLongArray());
  }

  @Test
  void tt4CopyBroadcastsAndCastsAndIsDifferentiableInItsSource() {
    Tensor target = Tensor.zeros(Shape.of(2, 2), DType.FLOAT64);
    Tensor source = leaf(1.0, 2.0);
    assertSame(target, target.copy_(source));
    assertEquals(DType.FLOAT64, target.dtype());
    assertArrayEquals(new double[] {1, 2, 1, 2}, target.toDoubleArray());
    target.sum().backward();
    assertArrayEquals(new double[] {2, 2}, source.grad().orElseThrow().toDoubleArray());
  }
}
