package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.ReleasedException;
import dev.proteus.reference.OnReference;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.spi.Backends;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Snapshot;
import dev.proteus.tensor.Swap;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/// Models that answer requests while their weights change.
@ExtendWith(OnReference.class)
@Isolated("measures memory")
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(120)
class SnapshotTest {
  private static final int LAYERS = 2;
  private static final int WIDTH = 2;

  /// A model all of whose weights are one number; what it answers to ones tells which.
  private static Sequential model(double weight) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      layers.add(new Linear(WIDTH, WIDTH));
    }
    Sequential model = new Sequential(layers);
    setAll(model, weight);
    return model;
  }

  private static void setAll(Module model, double weight) {
    Scope.memory(() -> Tensor.replaceAll(filled(model, weight)));
  }

  private static List<Replacement> filled(Module model, double weight) {
    return model.parameters().stream()
        .map(p -> new Replacement(p, Tensor.full(p.shape(), Scalar.of(weight), DType.FLOAT32)))
        .toList();
  }

  private static double answer(Layer model) {
    return Scope.noGrad(() ->
        Scope.memory(() -> {
          Tensor ones = Tensor.ones(WIDTH).to(model.parameters().getFirst().dtype());
          return model.forward(ones).sum().item();
        }));
  }

  /// What a model all of whose weights are `weight` answers.
  private static double expected(double weight) {
    double value = 1;
    for (int i = 0; i < LAYERS; i++) {
      value = (WIDTH * value + 1) * weight;
    }
    return WIDTH * value;
  }

  private static long live() {
    return Backends.of(ReferenceProvider.DEVICE).memory().live();
  }

  @Test
  void aRunSeesWhatWasThereWhenTheSnapshotWasTaken() {
    Sequential model = model(1);
    try (Snapshot before = model.snapshot()) {
      setAll(model, 2);
      assertEquals(expected(1), before.run(() -> answer(model)));
      assertEquals(expected(2), answer(model));
      try (Snapshot after = model.snapshot()) {
        assertEquals(expected(2), after.run(() -> answer(model)));
        assertEquals(expected(2), before.run(() -> after.run(() -> answer(model))));
        assertEquals(expected(1), after.run(() -> before.run(() -> answer(model))));
      }
    }
  }

  @Test
  void changesBetweenTwoLayersOfARunAreNotSeen() {
    Sequential model = model(1);
    model
        .get(1)
        .registerForwardHook((module, inputs, output) -> {
          setAll(model, 2);
          return Optional.empty();
        });
    try (Snapshot weights = model.snapshot()) {
      assertEquals(expected(1), weights.run(() -> answer(model)));
    }
    assertEquals(expected(2), answer(model));
  }

  @Test
  void typesAndShapesAreTheSnapshotsToo() {
    Sequential model = model(1);
    Parameter weight = model.parameter("0.weight");
    try (Snapshot before = model.snapshot()) {
      model.bfloat16();
      assertEquals(DType.FLOAT32, before.run(weight::dtype));
      assertEquals(DType.BFLOAT16, weight.dtype());
      assertEquals(expected(1), before.run(() -> answer(model)));
      Tensor.replaceAll(List.of(new Replacement(weight, Tensor.zeros(7))));
      assertEquals(Shape.of(WIDTH, WIDTH), before.run(weight::shape));
      assertTrue(before.run(weight::requiresGrad));
    }
  }

  @Test
  void itEndsWithItsLastRun() {
    Sequential model = model(1);
    long start = live();
    Snapshot weights = model.snapshot();
    double seen =
        weights.run(() -> {
          setAll(model, 2);
          weights.close();
          weights.close();
          assertEquals(start + bytes(model), live(), "old and new weights");
          return answer(model);
        });
    assertEquals(expected(1), seen);
    assertEquals(start, live());
    var error = assertThrows(IllegalStateException.class, () -> weights.run(() -> 1));
    assertEquals("snapshot: it was closed; take another", error.getMessage());
  }

  private static long bytes(Module model) {
    return model.parameters().stream().mapToLong(p -> p.spec().bytes()).sum();
  }

  @Test
  void buffersAreHeldAsWell() {
    BatchNorm1d norm = new BatchNorm1d(2);
    norm.eval();
    Tensor x = Tensor.ones(1, 2);
    try (Snapshot before = norm.snapshot()) {
      Tensor.replaceAll(List.of(new Replacement(norm.buffer("running_mean"), Tensor.of(5.0, 5.0))));
      double[] held = before.run(() -> Scope.noGrad(() -> norm.forward(x)).toDoubleArray());
      assertArrayEquals(new double[] {1, 1}, held, 1e-4);
    }
    assertArrayEquals(
        new double[] {-4, -4}, Scope.noGrad(() -> norm.forward(x)).toDoubleArray(), 1e-4);
  }

  @Test
  @DisplayName("SW-47, SW-48 four threads serve while weights change a thousand times")
  void hotSwap() {
    Sequential model = model(1);
    long start = live();
    Set<Double> answers = ConcurrentHashMap.newKeySet();
    AtomicLong requests = new AtomicLong();
    serving(
        model,
        answers,
        requests,
        () -> {
          for (int i = 1; i <= 1000; i++) {
            setAll(model, i % 2 == 0 ? 1 : 2);
            letSomeoneServe(requests);
          }
        });
    assertEquals(Set.of(expected(1), expected(2)), answers);
    assertTrue(requests.get() >= 1000, "requests: " + requests);
    assertEquals(start, live(), "bytes after 1,000 changes");
  }

  @Test
  @DisplayName("SW-48 four threads serve while two models exchange all weights")
  void hotSwapAll() {
    Sequential model = model(1);
    Sequential other = model(2);
    List<Swap> pairs = new ArrayList<>();
    for (int i = 0; i < model.parameters().size(); i++) {
      pairs.add(new Swap(model.parameters().get(i), other.parameters().get(i)));
    }
    long start = live();
    Set<Double> answers = ConcurrentHashMap.newKeySet();
    AtomicLong requests = new AtomicLong();
    serving(
        model,
        answers,
        requests,
        () -> {
          for (int i = 0; i < 200; i++) {
            Tensor.swapAll(pairs);
            letSomeoneServe(requests);
          }
        });
    assertEquals(Set.of(expected(1), expected(2)), answers);
    assertEquals(start, live());
  }

  private static void letSomeoneServe(AtomicLong requests) {
    long seen = requests.get();
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (requests.get() == seen) {
      assertTrue(System.nanoTime() < deadline, "nobody serves");
      Thread.onSpinWait();
    }
  }

  private static void serving(
      Layer model, Set<Double> answers, AtomicLong requests, Runnable change) {
    AtomicBoolean done = new AtomicBoolean();
    List<CompletableFuture<Boolean>> servers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      servers.add(
          started(() -> {
            while (!done.get()) {
              try (Snapshot weights = model.snapshot()) {
                answers.add(weights.run(() -> answer(model)));
              }
              requests.incrementAndGet();
            }
          }));
    }
    try {
      change.run();
    } finally {
      done.set(true);
      servers.forEach(CompletableFuture::join);
    }
  }

  private static CompletableFuture<Boolean> started(Runnable task) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            Scope.on(
                ReferenceProvider.DEVICE,
                () -> {
                  task.run();
                  return true;
                });
            result.complete(true);
          } catch (Throwable t) {
            result.completeExceptionally(t);
          }
        });
    return result;
  }

  @Test
  @DisplayName("SW-63, TO-26 requests are answered while the model is converted back and forth")
  void conversionDuringInference() {
    Sequential model = model(1);
    long start = live();
    Set<Double> answers = ConcurrentHashMap.newKeySet();
    AtomicLong requests = new AtomicLong();
    serving(
        model,
        answers,
        requests,
        () -> {
          for (int i = 0; i < 50; i++) {
            model.float64();
            model.float32();
            letSomeoneServe(requests);
          }
        });
    assertEquals(Set.of(expected(1)), answers);
    assertEquals(start, live());
  }

  @Test
  void aReleasedContentIsNotSeenThroughASnapshot() {
    Tensor lost =
        Scope.memory(
                () -> {
                  Tensor inside = Tensor.ones(2);
                  return List.of(new Lost(inside));
                })
            .getFirst()
            .tensor();
    try (Snapshot late = Snapshot.of(List.of(lost))) {
      assertThrows(ReleasedException.class, () -> late.run(() -> lost.add(1)));
    }
  }

  private record Lost(Tensor tensor) {}
}
