package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.optim.Adam;
import dev.proteus.reference.Faults;
import dev.proteus.reference.OnReference;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.spi.Backends;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/// Whichever allocation fails, a model of fifty parameters with gradients and an optimizer's state
/// is afterwards, bit for bit, what it was.
@Isolated("measures memory")
@ExtendWith(OnReference.class)
class FaultInjectionTest {
  private static final int LAYERS = 25;

  private final Sequential model =
      new Sequential(Stream.generate(() -> new Linear(2, 2)).limit(LAYERS).toArray(Layer[]::new));
  private final Adam optimizer = new Adam(model.parameters(), 0.1);

  FaultInjectionTest() {
    Scope.memory(() -> {
      model.forward(Tensor.ones(1, 2)).sum().backward();
      optimizer.step();
    });
  }

  /// One tensor: which it is, what it is, and its values to the bit.
  private record Seen(Tensor tensor, TensorSpec spec, List<Long> bits) {
    static Seen of(Tensor tensor) {
      double[] values = Scope.memory(() -> Scope.noGrad(() -> tensor.toDoubleArray()));
      return new Seen(
          tensor,
          tensor.spec(),
          Arrays.stream(values).mapToObj(Double::doubleToRawLongBits).toList());
    }
  }

  private List<Seen> everything() {
    List<Tensor> tensors = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      tensors.add(parameter);
      parameter.grad().ifPresent(tensors::add);
      optimizer.state(parameter).ifPresent(s -> tensors.addAll(s.tensors().values()));
    }
    return tensors.stream().map(Seen::of).toList();
  }

  private static List<Long> live() {
    return Stream.of(ReferenceProvider.DEVICE, ReferenceProvider.SECOND)
        .map(device -> Backends.of(device).memory().live())
        .toList();
  }

  /// Fails the first allocation, then the second, and so on until the action ends well.
  ///
  /// @return how many failed
  private long failAtEach(Runnable action) {
    List<Seen> before = everything();
    assertEquals(LAYERS * 2 * 4, before.size(), "values, gradients and two moments");
    List<Long> live = live();
    for (long k = 0; ; k++) {
      if (Faults.after(k, action) == Faults.Outcome.DONE) {
        return k;
      }
      assertEquals(live, live(), "live bytes after failure " + k);
      assertEquals(before, everything(), "after failure " + k);
    }
  }

  @Test
  void to30To31To33AnotherType() {
    assertTrue(failAtEach(() -> model.to(DType.FLOAT64)) >= 100);
    assertTrue(model.parameters().stream().allMatch(p -> p.dtype() == DType.FLOAT64));
  }

  @Test
  void to30To31To33AnotherDevice() {
    assertTrue(failAtEach(() -> model.to(ReferenceProvider.SECOND)) >= 100);
    assertTrue(
        model.parameters().stream().allMatch(p -> p.device().equals(ReferenceProvider.SECOND)));
  }

  @Test
  void to9To33ToEmpty() {
    assertTrue(failAtEach(() -> model.toEmpty(ReferenceProvider.SECOND)) >= 100);
  }

  @Test
  void to33LowMemoryIsRolledBack() {
    Conversion wide = Conversion.to(DType.FLOAT64).device(ReferenceProvider.SECOND).lowMemory();
    assertTrue(failAtEach(() -> model.to(wide)) >= 100);
    assertEquals(wide.device().orElseThrow(), model.parameter("0.weight").device());
    assertEquals(DType.FLOAT64, model.parameter("0.weight").grad().orElseThrow().dtype());
  }

  @Test
  void sd25LoadByCopy() {
    StateDict wide = Scope.noGrad(() -> widened(model.stateDict()));
    assertTrue(failAtEach(() -> model.load(wide)) >= 50);
  }

  @Test
  void sd25LoadByAssignNeedsNoMemory() {
    StateDict copy = Scope.noGrad(() -> model.stateDict().copy());
    assertEquals(0, failAtEach(() -> model.load(copy, LoadOptions.DEFAULT.assign())));
  }

  private static StateDict widened(StateDict state) {
    StateDict.Builder wide = StateDict.builder();
    state.tensors().forEach((name, t) -> wide.put(name, t.mul(2).to(DType.FLOAT64)));
    return wide.build();
  }

  @Test
  void op34OptimizerLoad() {
    StateDict state = Scope.noGrad(() -> optimizer.stateDict().copy());
    assertTrue(failAtEach(() -> optimizer.load(state)) >= 100);
  }

  @Test
  void op41MigrateState() {
    model.to(DType.FLOAT64);
    assertTrue(failAtEach(optimizer::migrateState) >= 100);
    Parameter first = model.parameters().getFirst();
    assertEquals(
        DType.FLOAT64,
        optimizer.state(first).orElseThrow().tensors().firstEntry().getValue().dtype());
  }
}
