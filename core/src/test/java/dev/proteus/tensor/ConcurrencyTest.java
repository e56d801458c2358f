package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ReleasedException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.expr.Exprs;
import dev.proteus.op.Composite;
import dev.proteus.op.Copies;
import dev.proteus.op.Map;
import dev.proteus.op.Reduce;
import dev.proteus.op.TensorOps;
import dev.proteus.reference.OnReference;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.spi.Backends;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/// Calls beside swaps and replacements on other threads.
@ExtendWith(OnReference.class)
@Isolated("measures memory")
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(60)
class ConcurrencyTest {
  /// Twice its operand, computed when it is let go on: a call caught between reading its operands
  /// and running its kernels.
  private record Halting(CountDownLatch arrived, CountDownLatch goOn) implements Composite {
    Halting() {
      this(new CountDownLatch(1), new CountDownLatch(1));
    }

    @Override
    public String name() {
      return "halting";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return List.of(inputs.getFirst());
    }

    @Override
    public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
      arrived.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return List.of(inputs.getFirst().mul(2));
    }

    CompletableFuture<Tensor> start(Tensor operand) {
      CompletableFuture<Tensor> result = elsewhere(() -> operand.call(this, List.of(operand)));
      awaitArrival();
      return result;
    }

    private void awaitArrival() {
      try {
        arrived.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static <R> CompletableFuture<R> elsewhere(Callable<R> task) {
    CompletableFuture<R> result = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        result.complete(Scope.on(ReferenceProvider.DEVICE, () -> Scope.noGrad(() -> got(task))));
      } catch (Throwable t) {
        result.completeExceptionally(t);
      }
    });
    return result;
  }

  private static <R> R got(Callable<R> task) {
    try {
      return task.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// A parameter whose storage is its own.
  private static Parameter parameter(Tensor values) {
    return Scope.memory(() -> Parameter.of(values.clone()));
  }

  private static void replace(Tensor target, Tensor content) {
    Tensor.replaceAll(List.of(new Replacement(target, content)));
  }

  private static long live() {
    return Backends.of(ReferenceProvider.DEVICE).memory().live();
  }

  @Test
  @DisplayName("D-4, SW-47 a call finishes on the content that it read, whatever replaces it")
  void aCallKeepsWhatItRead() {
    Parameter weight = parameter(Tensor.of(1.0, 2.0));
    Halting call = new Halting();
    CompletableFuture<Tensor> result = call.start(weight);
    replace(weight, Tensor.of(5.0));
    call.goOn.countDown();
    assertArrayEquals(new double[] {2, 4}, result.join().toDoubleArray());
    assertArrayEquals(new double[] {5}, weight.toDoubleArray());
  }

  @Test
  void replacedContentGoesWithTheLastCallThatReadsIt() {
    Parameter weight = parameter(Tensor.zeros(1000));
    long before = live();
    Halting first = new Halting();
    Halting second = new Halting();
    CompletableFuture<Tensor> one = first.start(weight);
    CompletableFuture<Tensor> two = second.start(weight);
    replace(weight, Tensor.zeros(1000));
    assertEquals(before + 4000, live(), "both calls read the old content");
    first.goOn.countDown();
    Tensor firstResult = one.join();
    assertEquals(before + 8000, live(), "the second call still does; the first has a result");
    second.goOn.countDown();
    Tensor secondResult = two.join();
    assertEquals(before + 8000, live(), "two results, one content");
    replace(weight, Tensor.zeros(1000));
    assertEquals(before + 8000, live(), "nobody reads: it goes at once");
    assertEquals(0, firstResult.add(secondResult).sum().item());
  }

  @Test
  void aCallThatFailsLetsGoToo() {
    Parameter weight = parameter(Tensor.zeros(1000));
    long before = live();
    Scope.noGrad(() ->
        Scope.memory(() -> {
          Tensor outside = Tensor.of(1000L);
          assertThrows(TensorIndexException.class, () -> weight.gather(0, outside));
        }));
    replace(weight, Tensor.zeros(1000));
    assertEquals(before, live());
  }

  @Test
  void contentThatNobodyReadsGoesAtOnce() {
    Parameter weight = parameter(Tensor.of(1.0));
    Tensor content = Tensor.of(2.0);
    replace(weight, content);
    assertThrows(ReleasedException.class, content::item);
  }

  @Test
  @DisplayName("D-4, SW-47 the operands of a call are read at one moment")
  void operandsAreReadTogether() {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(2.0);
    Tensor places = Tensor.of(10.0, 1.0);
    Set<Double> seen = ConcurrentHashMap.newKeySet();
    beside(
        () -> Tensor.swap(a, b),
        () -> seen.add(Tensor.cat(List.of(a, b), 0).mul(places).sum().item()));
    assertEquals(Set.of(12.0, 21.0), seen);
  }

  @Test
  @DisplayName("SW-47 an operator made for one type does not read another")
  void typesAreCheckedAgain() {
    Parameter weight = parameter(Tensor.of(1.0, 2.0));
    Map wide = Copies.cast(DType.FLOAT64, DType.FLOAT32);
    var error = assertThrows(DTypeException.class, () -> weight.call(wide, List.of(weight)));
    String message = String.valueOf(error.getMessage());
    assertTrue(
        message.contains("operand 0 was float64 when the call was made and is float32"), message);
    Tensor total = Tensor.zeros(2);
    assertThrows(
        DTypeException.class, () -> Scope.noGrad(() -> total.applyInPlace(wide, List.of(weight))));
    Reduce sum = new Reduce(Reduce.Kind.SUM, Exprs.input(0, DType.FLOAT64), List.of(0));
    assertThrows(DTypeException.class, () -> weight.call(sum, List.of(weight)));
  }

  @Test
  @DisplayName("SW-48 swapAll is seen by a call of many operands wholly or not at all")
  void swapAllIsSeenWhole() {
    List<Tensor> ones = List.of(Tensor.of(1.0), Tensor.of(1.0), Tensor.of(1.0));
    List<Tensor> twos = List.of(Tensor.of(2.0), Tensor.of(2.0), Tensor.of(2.0));
    List<Swap> pairs =
        List.of(
            new Swap(ones.get(0), twos.get(0)),
            new Swap(ones.get(1), twos.get(1)),
            new Swap(ones.get(2), twos.get(2)));
    Set<Double> seen = ConcurrentHashMap.newKeySet();
    beside(() -> Tensor.swapAll(pairs), () -> seen.add(Tensor.cat(ones, 0).sum().item()));
    assertEquals(Set.of(3.0, 6.0), seen);
  }

  @Test
  @DisplayName("SW-47 a write in place lands in the content that it read, beside swaps")
  void writesInPlaceLandWhole() {
    Tensor a = Tensor.of(1.0);
    Tensor b = Tensor.of(100.0);
    int[] writes = {0};
    beside(
        () -> Tensor.swap(a, b),
        () -> {
          a.add_(1);
          writes[0]++;
        });
    assertEquals(101.0 + writes[0], a.item() + b.item());
  }

  private static void beside(Runnable swap, Runnable read) {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Integer> swaps =
        elsewhere(() -> {
          int count = 0;
          while (!done.get()) {
            swap.run();
            count++;
          }
          return count;
        });
    try {
      for (int i = 0; i < 20_000; i++) {
        Scope.memory(read);
      }
    } finally {
      done.set(true);
    }
    assertTrue(swaps.join() > 0);
  }
}
