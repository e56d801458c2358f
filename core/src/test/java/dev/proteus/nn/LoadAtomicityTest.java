package dev.proteus.nn;

import static dev.proteus.nn.LoadChecks.model;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StateDictException;
import dev.proteus.spi.Backends;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Call;
import dev.proteus.tensor.Interpreter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Loads that fail: all or nothing, or what fits (rule SD-25).
@Isolated("measures memory")
class LoadAtomicityTest {
  @Test
  void sd25_aWriteThatFailsInTheMiddleIsUndone() {
    for (int failing = 1; failing <= 9; failing++) {
      Sequential model = model();
      List<double[]> before = LoadChecks.values(model);
      StateDict state = model().stateDict();
      FailingWrites interpreter = new FailingWrites(failing);
      var error =
          assertThrows(
              StateDictException.class, () -> Scope.with(interpreter, () -> model.load(state)));
      String message = String.valueOf(error.getMessage());
      assertTrue(message.contains("nothing has changed: write failed"), message);
      List<double[]> after = LoadChecks.values(model);
      for (int i = 0; i < before.size(); i++) {
        assertArrayEquals(before.get(i), after.get(i));
      }
    }
  }

  /// Lets the n-th write happen and then says that it failed, once.
  private static final class FailingWrites implements Interpreter {
    private int left;

    FailingWrites(int failing) {
      left = failing;
    }

    @Override
    public List<Tensor> interpret(Call call) {
      List<Tensor> results = call.proceed();
      if (call.into().isPresent() && --left == 0) {
        throw new IllegalStateException("write failed");
      }
      return results;
    }
  }

  @Test
  void sd25_partialKeepsWhatFits() {
    Linear layer = new Linear(1, 1);
    StateDict.Builder state = StateDict.builder();
    state.put("weight", Tensor.ones(3, 3));
    state.put("bias", Tensor.of(8.0));
    state.put("x", Tensor.of(8.0));
    double weight = layer.weight().item();
    var error =
        assertThrows(
            StateDictException.class,
            () -> layer.load(state.build(), LoadOptions.DEFAULT.partial()));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("Linear, which has taken what does"), message);
    assertTrue(message.contains("unexpected: x") && message.contains("[3, 3]"), message);
    assertEquals(weight, layer.weight().item());
    assertEquals(8, layer.bias().orElseThrow().item());
    layer.load(
        StateDict.of(Map.of("bias", Tensor.of(9.0))),
        LoadOptions.DEFAULT.partial().lenient().assign());
    assertEquals(9, layer.bias().orElseThrow().item());
  }

  @Test
  void sd22_sd25_partialTellsOfEveryWriteThatFailed() {
    Sequential model = model();
    Tensor given = Tensor.ones(3, 2);
    StateDict state = model().stateDict().copy().with("0.weight", given);
    double[] kept = model.parameter("0.bias").toDoubleArray();
    StateDict known = state.with("0.bias", Tensor.ones(3));
    FailingBias interpreter = new FailingBias(model.parameter("0.bias"));
    var error =
        assertThrows(
            StateDictException.class,
            () -> Scope.with(interpreter, () -> model.load(known, LoadOptions.DEFAULT.partial())));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("'0.bias' could not take float32[3]"), message);
    assertTrue(message.contains("refused on purpose"), message);
    assertArrayEquals(given.toDoubleArray(), model.parameter("0.weight").toDoubleArray());
    assertArrayEquals(kept, model.parameter("0.bias").toDoubleArray());
  }

  private record FailingBias(Tensor bias) implements Interpreter {
    @Override
    public List<Tensor> interpret(Call call) {
      if (call.into().filter(t -> t == bias).isPresent()) {
        throw new IllegalStateException("refused on purpose");
      }
      return call.proceed();
    }
  }

  @Test
  void sd29_storageThatWasReplacedIsFreedAtOnce() {
    long before = live();
    StateDict state = StateDict.of(Map.of("weight", Tensor.ones(100, 100)));
    Linear layer = new Linear(100, 100, Bias.NONE);
    checkGrowth(before, 80_000);
    layer.load(state, LoadOptions.DEFAULT.assign());
    checkGrowth(before, 40_000);
    layer.load(StateDict.of(Map.of("weight", Tensor.ones(100, 100))));
    checkGrowth(before, 80_000);
  }

  @Test
  void sd25_theOldValuesAreKeptNoLongerThanTheLoad() {
    Linear layer = new Linear(100, 100, Bias.NONE);
    StateDict state = StateDict.of(Map.of("weight", Tensor.ones(100, 100).to(DType.FLOAT64)));
    long before = live();
    layer.load(state);
    checkGrowth(before, 0);
  }

  /// Nobody waits for a collector; but for a few scalars, which it may take at any time.
  private static void checkGrowth(long before, long expected) {
    assertEquals((double) expected, (double) (live() - before), 1_000);
  }

  private static long live() {
    return Backends.of(Scope.device()).memory().live();
  }

  @Test
  void sd25_sd30_aModulesOwnTensorsMayBeLoadedUnderExchangedNames() {
    Linear a = new Linear(1, 1, Bias.NONE);
    Linear b = new Linear(1, 1, Bias.NONE);
    Init.constant_(a.weight(), 1);
    Init.constant_(b.weight(), 2);
    Sequential model = new Sequential(a, b);
    StateDict own = model.stateDict();
    StateDict.Builder exchanged = StateDict.builder();
    exchanged.put("0.weight", own.get("1.weight")).put("1.weight", own.get("0.weight"));
    model.load(exchanged.build());
    assertEquals(2, a.weight().item());
    assertEquals(1, b.weight().item(), "no write changes what another is yet to read");
  }
}
