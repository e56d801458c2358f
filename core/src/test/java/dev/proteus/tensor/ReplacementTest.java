package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.SwapRefusedException;
import dev.proteus.type.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

/// New contents for tensors that stay what they are among leaves.
class ReplacementTest {
  private static void replace(Tensor target, Tensor content) {
    Tensor.replaceAll(List.of(new Replacement(target, content)));
  }

  @Test
  void to26TheContentChangesAndTheLeafStays() {
    Parameter p = Parameter.of(Tensor.of(1.0));
    p.square().sum().backward();
    Tensor grad = p.grad().orElseThrow();
    Tensor content = Tensor.of(5.0).to(DType.FLOAT64);
    replace(p, content);
    assertEquals(5, p.item());
    assertEquals(DType.FLOAT64, p.dtype());
    assertTrue(p.requiresGrad() && p.isLeaf());
    assertSame(grad, p.grad().orElseThrow());
  }

  @Test
  void theOldContentStaysWithThoseWhoReadIt() {
    Tensor target = Scope.keep(Tensor.of(1.0));
    replace(target, Tensor.of(2.0));
    Tensor alias = target.detach();
    replace(target, Tensor.of(3.0));
    assertEquals(2, alias.item());
    assertEquals(3, target.item());
  }

  @Test
  void aRefusalLeavesNoTrace() {
    Parameter learned = Parameter.of(Tensor.of(1.0));
    Tensor other = Tensor.of(7.0);
    Replacement good = new Replacement(other, Tensor.of(8.0));
    Replacement integers = new Replacement(learned, Tensor.of(2L));
    assertThrows(DTypeException.class, () -> Tensor.replaceAll(List.of(good, integers)));
    Replacement recorded = new Replacement(other, learned.mul(2));
    assertThrows(AutogradException.class, () -> Tensor.replaceAll(List.of(recorded)));
    Replacement again = new Replacement(other, Tensor.of(9.0));
    assertThrows(SwapRefusedException.class, () -> Tensor.replaceAll(List.of(good, again)));
    assertEquals(7, other.item());
    assertEquals(1, learned.item());
    assertFalse(other.requiresGrad());
  }

  @Test
  void sw47SwapsInOppositeOrderDoNotWaitForEachOther() throws InterruptedException {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2.0);
    Thread one = Thread.startVirtualThread(() -> swapOften(a, b));
    Thread two = Thread.startVirtualThread(() -> swapOften(b, a));
    one.join();
    two.join();
    assertEquals(3, a.item() + b.item());
    assertEquals(1, a.item(), "an even number of swaps");
  }

  private static void swapOften(Tensor a, Tensor b) {
    for (int i = 0; i < 10_000; i++) {
      Tensor.swap(a, b);
    }
  }
}
