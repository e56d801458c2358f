package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.nn.Conversion;
import dev.proteus.nn.Layer;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Sequential;
import dev.proteus.optim.Adam;
import dev.proteus.reference.Faults;
import dev.proteus.spi.Backends;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Whichever allocation fails, a model of fifty parameters with gradients and an optimizer's state
/// is afterwards, bit for bit, what it was, on the device where it was.
///
/// A subclass names two devices whose backends ask [Faults#atAllocation] before they allocate, and
/// which compute in float64.
@Isolated("measures memory")
public abstract class FailingAllocations {
  private static final int LAYERS = 25;

  private final Device here;
  private final Device there;
  private final Sequential model;
  private final Adam optimizer;

  /// @param here where the model is
  /// @param there where it is moved to
  protected FailingAllocations(Device here, Device there) {
    this.here = here;
    this.there = there;
    model = Scope.on(here, FailingAllocations::chain);
    optimizer = new Adam(model.parameters(), 0.1);
    Scope.memory(() -> {
      model.forward(Scope.on(here, () -> Tensor.ones(1, 2))).sum().backward();
      optimizer.step();
    });
  }

  private static Sequential chain() {
    return new Sequential(
        Stream.generate(() -> new Linear(2, 2)).limit(LAYERS).toArray(Layer[]::new));
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

  private List<Long> live() {
    return Stream.of(here, there).map(device -> Backends.of(device).memory().live()).toList();
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
      checkLive(live, live(), k);
      checkSame(before, everything(), k);
    }
  }

  /// What other tests have forgotten may be found meanwhile, so live bytes may fall.
  private static void checkLive(List<Long> before, List<Long> after, long k) {
    for (int i = 0; i < before.size(); i++) {
      String bytes = "live bytes after failure %s: %s, before: %s".formatted(k, after, before);
      assertTrue(after.get(i) <= before.get(i), bytes);
    }
  }

  private static void checkSame(List<Seen> before, List<Seen> after, long k) {
    assertEquals(before.size(), after.size());
    for (int i = 0; i < before.size(); i++) {
      assertEquals(before.get(i), after.get(i), "tensor " + i + " after failure " + k);
    }
  }

  @Test
  void to30To31To33AnotherType() {
    assertTrue(failAtEach(() -> model.to(DType.FLOAT64)) >= 100);
    assertTrue(model.parameters().stream().allMatch(p -> p.dtype() == DType.FLOAT64));
  }

  @Test
  void to30To31To33AnotherDevice() {
    assertTrue(failAtEach(() -> model.to(there)) >= 100);
    assertTrue(model.parameters().stream().allMatch(p -> p.device().equals(there)));
  }

  @Test
  void to9To33ToEmpty() {
    assertTrue(failAtEach(() -> model.toEmpty(there)) >= 100);
  }

  @Test
  void to33LowMemoryIsRolledBack() {
    Conversion wide = Conversion.to(DType.FLOAT64).device(there).lowMemory();
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
