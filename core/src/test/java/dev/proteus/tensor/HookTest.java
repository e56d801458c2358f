package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.AutogradException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Hooks of tensors: when they run, what they see, how they come off.
class HookTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad_(true);
  }

  private static TensorHook into(List<Double> seen) {
    return g -> {
      seen.add(g.item());
      return Optional.empty();
    };
  }

  @Test
  @DisplayName("AG-42 removing a hook again does nothing, also not to another registration of it")
  void removal() {
    Tensor x = leaf(1);
    List<Double> seen = new ArrayList<>();
    TensorHook hook = into(seen);
    HookHandle first = x.registerHook(hook);
    HookHandle second = x.registerHook(hook);
    first.remove();
    first.remove();
    x.mul(2.0).backward();
    assertEquals(List.of(2.0), seen);
    second.remove();
    second.remove();
    x.mul(2.0).backward();
    assertEquals(List.of(2.0), seen);
  }

  @Test
  @DisplayName(
      "AG-42 a hook from before a write in place sees the gradient of the value from before")
  void hooksAndWrites() {
    Tensor x = leaf(1);
    Tensor y = x.mul(1.0);
    List<Double> before = new ArrayList<>();
    List<Double> after = new ArrayList<>();
    y.registerHook(into(before));
    y.mul_(10.0);
    y.registerHook(into(after));
    y.mul(3.0).backward();
    assertEquals(List.of(30.0), before);
    assertEquals(List.of(3.0), after);
  }

  @Test
  @DisplayName("AG-40 hooks of a leaf run before its gradient is added, each on what the last gave")
  void hooksOfALeaf() {
    Tensor x = leaf(1);
    List<Boolean> hadGradient = new ArrayList<>();
    x.registerHook(g -> {
      hadGradient.add(x.grad().isPresent());
      return Optional.of(g.mul(2.0));
    });
    x.registerHook(g -> Optional.of(g.add(100.0)));
    x.mul(3.0).backward();
    assertArrayEquals(new double[] {106}, x.grad().orElseThrow().toDoubleArray());
    assertEquals(List.of(false), hadGradient);
  }

  @Test
  @DisplayName("AG-41 only a leaf that requires grad has a hook after accumulation")
  void postAccumulateHooksAreForLeaves() {
    Tensor x = leaf(1);
    assertThrows(AutogradException.class, () -> x.mul(2.0).registerPostAccumulateHook(leaf -> {}));
    assertThrows(
        AutogradException.class, () -> Tensor.of(1.0).registerPostAccumulateHook(leaf -> {}));
  }

  @Test
  @DisplayName("AG-4 the gradient of a result is not kept unless it was asked for, where it exists")
  void retainedGradients() {
    Tensor x = leaf(2);
    Tensor y = x.mul(x);
    y.backward();
    assertFalse(y.grad().isPresent());
    assertThrows(AutogradException.class, () -> Tensor.of(1.0).retainGrad());
    x.retainGrad();
    x.mul(1.0).backward();
    assertArrayEquals(new double[] {5}, x.grad().orElseThrow().toDoubleArray());
  }
}
