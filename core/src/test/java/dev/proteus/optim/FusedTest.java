package dev.proteus.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.proteus.expr.Exprs;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Kernels of updates.
class FusedTest {
  private record Numbers(double rate) {}

  @Test
  void aKernelInUseIsKeptWhileThoseOfEachStepComeAndGo() {
    Fused fused = new Fused();
    AtomicInteger made = new AtomicInteger();
    Tensor target = Tensor.zeros(1);
    for (int step = 0; step < 40; step++) {
      fused.update(
          "same",
          new Numbers(1),
          target,
          List.of(),
          x -> {
            made.incrementAndGet();
            return Exprs.add(x.get(0), 1);
          });
      fused.update("step", new Numbers(step), target, List.of(), x -> Exprs.sub(x.get(0), 1));
    }
    assertEquals(1, made.get());
    assertEquals(0, target.item());
  }
}
