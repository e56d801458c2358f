package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.StaleGraphException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Backward passes of several threads, and inside one another.
class GradientThreadsTest {
  private static final int THREADS = 4;
  private static final int PASSES = 500;

  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad_(true);
  }

  private static double[] grad(Tensor tensor) {
    return tensor.grad().orElseThrow().toDoubleArray();
  }

  /// Runs a task on several threads that begin together.
  private static void together(Runnable task) throws ExecutionException, InterruptedException {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        done.add(
            threads.submit(() -> {
              start.await();
              task.run();
              return null;
            }));
      }
      for (Future<?> thread : done) {
        thread.get();
      }
    }
  }

  @Test
  @DisplayName("AG-17 gradients of passes on several threads add up in the leaf they share")
  void sharedLeaf() throws ExecutionException, InterruptedException {
    Tensor x = leaf(1, 2, 3);
    together(() -> {
      for (int i = 0; i < PASSES; i++) {
        x.mul(x).sum().backward();
      }
    });
    int n = THREADS * PASSES;
    assertArrayEquals(new double[] {2 * n, 4 * n, 6 * n}, grad(x));
  }

  @Test
  @DisplayName("AG-17, SW-34 graphs that several threads begin at one leaf all go stale by a swap")
  void sharedLeafIsSwapped() throws ExecutionException, InterruptedException {
    for (int i = 0; i < PASSES; i++) {
      Tensor x = leaf(1);
      List<Tensor> losses = Collections.synchronizedList(new ArrayList<>());
      together(() -> losses.add(x.mul(2.0)));
      Tensor.swap(x, Tensor.of(3.0));
      for (Tensor loss : losses) {
        assertThrows(StaleGraphException.class, loss::backward);
      }
    }
  }

  @Test
  @DisplayName("AG-17 a hook may run a backward pass, also into the leaf that waits for its own")
  void backwardInAHook() {
    Tensor x = leaf(3);
    Tensor other = leaf(5);
    Tensor y = x.mul(x);
    y.registerHook(g -> {
      return Scope.withGrad(
          Scope.Grad.ENABLED,
          () -> {
            other.mul(other).backward();
            x.mul(10.0).backward();
            return Optional.of(Tensor.grad(x.mul(x).mul(x), List.of(x)).getFirst());
          });
    });
    y.backward();
    assertArrayEquals(new double[] {10}, grad(other));
    assertEquals(10 + 27 * 6, grad(x)[0]);
  }
}
