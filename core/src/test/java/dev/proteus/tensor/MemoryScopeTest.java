package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.ReleasedException;
import dev.proteus.spi.Backends;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Who frees storage, and when. Counts the bytes of the whole process, so it runs alone.
@Isolated
class MemoryScopeTest {
  @Test
  @DisplayName("a memory scope frees what was made inside, but not what leaves it")
  void memory() {
    Tensor x = Tensor.ones(1 << 14).requiresGrad_(true);
    List<Tensor> leaked = new ArrayList<>();
    long before = live();
    Tensor result =
        Scope.memory(() -> {
          Tensor y = x.mul(2);
          leaked.add(y);
          Tensor z = y.mul(y).sum();
          z.backward();
          return z;
        });
    assertEquals(4.0 * (1 << 14), result.item());
    assertEquals(8, x.grad().orElseThrow().narrow(0, 0, 1).item());
    assertThrows(ReleasedException.class, leaked.getFirst()::toDoubleArray);
    long held = live() - before;
    assertTrue(
        held <= x.spec().bytes() + 64,
        "only the gradient and the result stay, but " + held + " bytes do");
  }

  @Test
  @DisplayName(
      "a training loop in memory scopes holds no more after the last step than after the first")
  void flat() {
    Tensor w = Tensor.ones(1 << 12).requiresGrad_(true);
    long first = 0;
    for (int step = 0; step < 20; step++) {
      Scope.memory(() -> {
        w.clearGrad();
        w.mul(w).sum().backward();
        Scope.noGrad(() -> w.copy_(w.sub(w.grad().orElseThrow().mul(0.1))));
      });
      if (step == 0) {
        first = live();
      }
    }
    assertTrue(live() <= first + 64, "live bytes grew from " + first + " to " + live());
  }

  @Test
  @DisplayName("definitions of composites free their temporaries at once")
  void temporaries() {
    Tensor x = Tensor.ones(64, 64);
    long before = live();
    Tensor y = x.softmax(1);
    assertFalse(live() - before > y.spec().bytes() + 64, "temporaries are still live");
  }

  @Test
  @DisplayName("backward frees gradients on their way as soon as they were used")
  void gradientsOnTheirWay() {
    Tensor x = Tensor.ones(1 << 12).requiresGrad_(true);
    Tensor y = x;
    for (int i = 0; i < 50; i++) {
      y = y.sin();
    }
    Tensor loss = y.sum();
    List<Long> arrived = new ArrayList<>();
    x.registerPostAccumulateHook(_ -> arrived.add(live()));
    long before = live();
    loss.backward();
    long grown = arrived.getFirst() - before;
    assertTrue(grown <= 4 * x.spec().bytes(), "50 calls back, live bytes grew by " + grown);
  }

  @Test
  @DisplayName("a gradient that is cleared in a scope goes back to its care")
  void clearedGradients() {
    Tensor x = Tensor.ones(1 << 12).requiresGrad_(true);
    long before = live();
    Scope.memory(() -> x.mul(3).sum().backward());
    assertTrue(live() - before >= x.spec().bytes(), "the gradient stays");
    Scope.memory(x::clearGrad);
    assertTrue(live() - before <= 64, () -> live() - before + " bytes stay");
  }

  @Test
  @DisplayName("who takes hold of a tensor that a memory scope took back takes nothing from others")
  void revived() {
    Tensor base = Tensor.ones(4);
    List<Tensor> leaked = new ArrayList<>();
    Scope.memory(() -> {
      leaked.add(base.narrow(0, 0, 2));
    });
    Snapshot.of(leaked).close();
    assertEquals(1, base.toDoubleArray()[0]);
  }

  private static long live() {
    return Backends.of(Backends.defaultDevice()).memory().live();
  }
}
