package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.StaleGraphException;
import dev.proteus.error.SwapRefusedException;
import dev.proteus.tensor.BodyChange.Cause;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who hears of a swap, and what becomes of graphs and views.
class SwapOptionsTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad_(true);
  }

  // ---- listeners

  @Test
  void sw51ListenersHearOfTheNewBodyAfterItIsThere() {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2L, 3L);
    TensorSpec specOfA = a.spec();
    TensorSpec specOfB = b.spec();
    List<BodyChange> heard = new ArrayList<>();
    BodyListener listener =
        change -> {
          heard.add(change);
          assertEquals(change.after(), change.tensor().spec());
        };
    HookHandle ofA = a.onBodyChange(listener);
    HookHandle ofB = b.onBodyChange(listener);
    Tensor.swap(a, b);
    assertEquals(
        List.of(
            new BodyChange(a, specOfA, specOfB, Cause.SWAP),
            new BodyChange(b, specOfB, specOfA, Cause.SWAP)),
        heard);
    ofA.remove();
    Tensor.swapAll(List.of(new Swap(a, b)));
    assertEquals(new BodyChange(b, specOfA, specOfB, Cause.SWAP), heard.getLast());
    assertEquals(3, heard.size());
    Tensor.swap(a, a);
    assertEquals(3, heard.size(), "nothing changed");
    ofB.remove();
  }

  @Test
  void sw51NoLockIsHeldSoAListenerMaySwapFromAnotherThread() {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2.0);
    List<String> done = new ArrayList<>();
    HookHandle handle =
        a.onBodyChange(change -> {
          if (done.isEmpty()) {
            done.add("once");
            Thread other = Thread.ofVirtual().start(() -> Tensor.swap(a, b));
            joined(other);
          }
        });
    Tensor.swap(a, b);
    assertEquals(1, a.item());
    handle.remove();
  }

  private static void joined(Thread thread) {
    try {
      assertTrue(thread.join(java.time.Duration.ofSeconds(20)), "a lock was held");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void sw51ListenersHearWhatIsHeldAlsoFromInsideASnapshot() {
    Tensor a = Tensor.zeros(1);
    List<BodyChange> heard = new ArrayList<>();
    try (Snapshot seen = Snapshot.of(List.of(a))) {
      Tensor.swap(a, Tensor.zeros(2));
      HookHandle handle = a.onBodyChange(heard::add);
      seen.run(() -> {
        Tensor.swapAll(List.of(new Swap(a, Tensor.zeros(3))));
        Tensor.replace(a, Tensor.zeros(4));
        return a;
      });
      handle.remove();
    }
    assertEquals(List.of(2L, 3L), heard.stream().map(change -> change.before().numel()).toList());
    assertEquals(List.of(3L, 4L), heard.stream().map(change -> change.after().numel()).toList());
  }

  @Test
  void sd33AReplacementAsksWhatIsHeldAlsoFromInsideASnapshot() {
    Tensor a = Tensor.zeros(1);
    try (Snapshot seen = Snapshot.of(List.of(a))) {
      Tensor.swap(a, Tensor.zeros(1).requiresGrad_(true));
      Tensor whole = Tensor.of(1L);
      assertThrows(
          DTypeException.class,
          () ->
              seen.run(() -> {
                Tensor.replace(a, whole);
                return a;
              }));
    }
    assertTrue(a.requiresGrad());
  }

  @Test
  void sw51AListenerThatThrowsBreaksNothing() {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2.0);
    List<BodyChange> heard = new ArrayList<>();
    BodyListener bad =
        change -> {
          throw new IllegalStateException("on purpose");
        };
    HookHandle one = a.onBodyChange(bad);
    HookHandle two = a.onBodyChange(heard::add);
    Tensor.swap(a, b);
    assertEquals(2, a.item());
    assertEquals(1, heard.size());
    one.remove();
    two.remove();
  }

  @Test
  void sw20Sw51ATensorDoesNotKeepItsListeners() throws InterruptedException {
    Tensor a = Tensor.of(1.0);
    List<BodyChange> heard = new ArrayList<>();
    HookHandle held = a.onBodyChange(heard::add);
    forgotten(a, heard);
    for (int i = 0; i < 50 && heard.size() != 1; i++) {
      System.gc();
      Thread.sleep(10);
      heard.clear();
      Tensor.swap(a, Tensor.of(2.0));
    }
    assertEquals(1, heard.size(), "only the one that is held");
    held.remove();
  }

  private static void forgotten(Tensor a, List<BodyChange> heard) {
    a.onBodyChange(change -> heard.add(change));
  }

  @Test
  void sw50Sw51ASwapThatNobodyHearsOfAllocatesNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Tensor a = leaf(1.0);
    Tensor b = Tensor.of(new long[1000], 10, 100);
    a.mul(2).backward();
    for (int i = 0; i < 1000; i++) {
      Tensor.swap(a, b);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      Tensor.swap(a, b);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 1000, bytes + " bytes in a thousand swaps");
  }

  @Test
  void sw51_sw61ReplacementsSayTheirCause() {
    Tensor a = Tensor.of(1.0);
    List<BodyChange> heard = new ArrayList<>();
    HookHandle handle = a.onBodyChange(heard::add);
    for (Cause cause : Cause.values()) {
      Replacement next = new Replacement(a, Tensor.of(2.0));
      Tensor.replaceAll(List.of(next), cause, SwapPolicy.DEFAULT);
      assertEquals(cause, heard.getLast().cause());
    }
    handle.remove();
  }

  // ---- graphs

  @Test
  void sw35TheGradientArrivesAtTheNewBodyInItsType() {
    Tensor a = leaf(2.0);
    Tensor y = a.mul(a);
    Tensor wide = Tensor.of(7.0).to(DType.FLOAT64).requiresGrad_(true);
    Tensor.swap(a, wide, SwapPolicy.RETARGET);
    y.backward();
    Tensor grad = a.grad().orElseThrow();
    assertEquals(4, grad.item(), "of the values that the call saw");
    assertEquals(DType.FLOAT64, grad.dtype());
    assertEquals(Optional.empty(), wide.grad());
    a.mul(3).backward();
    assertEquals(7, a.grad().orElseThrow().item(), "new graphs accumulate there too");
  }

  @Test
  void sw35OtherSizesOrABodyThatDoesNotLearnAreStale() {
    Tensor a = leaf(2.0);
    Tensor b = leaf(2.0);
    Tensor ofA = a.mul(a);
    Tensor ofB = b.mul(b);
    Tensor.swap(a, leaf(1.0, 2.0), SwapPolicy.RETARGET);
    Tensor.swap(b, Tensor.of(1.0), SwapPolicy.RETARGET);
    assertThrows(StaleGraphException.class, ofA::backward);
    assertThrows(StaleGraphException.class, ofB::backward);
    assertEquals(Optional.empty(), a.grad());
    assertEquals(Optional.empty(), b.grad());
  }

  @Test
  void sw35RetargetingOnceDoesNotOutliveAPlainSwap() {
    Tensor a = leaf(2.0);
    Tensor y = a.mul(a);
    Tensor.swap(a, leaf(3.0), SwapPolicy.RETARGET);
    Tensor.swap(a, leaf(4.0));
    assertThrows(StaleGraphException.class, y::backward);
    Tensor z = a.mul(a);
    Tensor b = leaf(5.0);
    Tensor w = b.mul(b);
    Tensor.swap(a, b, SwapPolicy.RETARGET);
    Tensor.swap(a, b, SwapPolicy.RETARGET);
    z.backward();
    w.backward();
    assertEquals(8, a.grad().orElseThrow().item());
    assertEquals(10, b.grad().orElseThrow().item());
  }

  @Test
  void sw35HooksOfTheNewBodySeeTheConvertedGradient() {
    Tensor a = leaf(2.0);
    Tensor y = a.mul(a);
    Tensor b = Tensor.of(1.0).to(DType.FLOAT64).requiresGrad_(true);
    List<DType> seen = new ArrayList<>();
    List<Tensor> told = new ArrayList<>();
    b.registerHook(g -> {
      seen.add(g.dtype());
      return Optional.empty();
    });
    b.registerPostAccumulateHook(told::add);
    Tensor.swap(a, b, SwapPolicy.RETARGET);
    y.backward();
    assertEquals(List.of(DType.FLOAT64), seen);
    assertEquals(1, told.size());
    assertSame(a, told.getFirst());
  }

  // ---- views

  @Test
  void sw41AViewedBodyIsRefusedOnRequestAndNothingChanges() {
    Tensor base = Tensor.of(1.0, 2.0);
    Tensor view = base.narrow(0, 0, 1);
    Tensor other = Tensor.of(3.0);
    Swap swap = new Swap(base, other);
    var error =
        assertThrows(
            SwapRefusedException.class,
            () -> Tensor.swap(base, other, SwapPolicy.REFUSE_IF_VIEWED));
    assertTrue(String.valueOf(error.getMessage()).contains("views"), error.getMessage());
    assertEquals(1, Swap.refusals(List.of(swap), SwapPolicy.REFUSE_IF_VIEWED).size());
    assertEquals(3, other.item());
    Replacement replacement = new Replacement(base, Tensor.of(4.0));
    assertThrows(
        SwapRefusedException.class,
        () -> Tensor.replaceAll(List.of(replacement), Cause.SWAP, SwapPolicy.REFUSE_IF_VIEWED));
    Tensor.swap(base, other);
    assertTrue(view.sharesStorageWith(other));
  }

  @Test
  void sw41AViewThatIsGoneIsNoObstacle() {
    Tensor base = Tensor.of(1.0, 2.0);
    double first = Scope.memory(() -> base.narrow(0, 0, 1).item());
    Tensor.swap(base, Tensor.of(3.0), SwapPolicy.REFUSE_IF_VIEWED);
    assertEquals(1, first);
    assertEquals(3, base.item());
  }

  @Test
  void sw48RefusalsAreToldAllAtOnceWithoutChangingAnything() {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2.0);
    List<Swap> twice = List.of(new Swap(a, b), new Swap(b, a));
    assertEquals(2, Swap.refusals(twice, SwapPolicy.DEFAULT).size());
    assertEquals(List.of(), Swap.refusals(List.of(new Swap(a, b)), SwapPolicy.DEFAULT));
    assertThrows(SwapRefusedException.class, () -> Tensor.swapAll(twice));
    assertEquals(1, a.item());
  }

  @Test
  void sw51_sd64ListenersOfWhatHasNoShapeHearOfNoElements() {
    Parameter p = Parameter.uninitialized();
    List<BodyChange> heard = new ArrayList<>();
    p.onBodyChange(heard::add);
    TensorSpec before = p.knownSpec();
    p.materialize(Shape.of(2, 3));
    assertEquals(Shape.of(0), before.shape());
    assertEquals(List.of(new BodyChange(p, before, p.spec(), Cause.SWAP)), heard);
    Tensor other = Parameter.uninitialized();
    Tensor.swap(p, other);
    assertEquals(before, heard.getLast().after());
    Tensor.swapAll(List.of(new Swap(p, other)), SwapPolicy.RETARGET);
    assertEquals(Shape.of(2, 3), p.shape());
  }
}
