package dev.proteus.nn;

import static dev.proteus.nn.LoadChecks.model;
import static dev.proteus.nn.LoadChecks.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.state.LoadOptions;
import dev.proteus.state.LoadReport;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Hooks around a load, and what they and a load leave alone.
class LoadHooksTest {
  @Test
  void sd20_sd27_sd32_theCallersMapAndTensorsStayAsTheyAre() {
    Map<String, Tensor> map = new LinkedHashMap<>();
    Parameter weight = Parameter.of(Tensor.ones(1, 1));
    weight.requiresGrad_(false);
    map.put("weight", weight);
    StateDict state = StateDict.of(map);
    map.clear();
    Linear layer = new Linear(1, 1, Bias.NONE);
    layer.registerLoadPreHook((_, _, given, _) -> given.without("weight").with("more", weight));
    LoadReport report = layer.load(state, LoadOptions.DEFAULT.assign().lenient());
    assertEquals(List.of("weight"), report.missing());
    assertSame(weight, state.get("weight"));
    assertEquals(1, state.size());
    assertFalse(weight.requiresGrad());
  }

  @Test
  void sd27_anAssignLeavesNoMarkForTheNextLoad() {
    StateDict state = new Linear(1, 1).stateDict();
    new Linear(1, 1).load(state, LoadOptions.DEFAULT.assign());
    assertTrue(state.metadata().isEmpty());
    Linear layer = new Linear(1, 1);
    layer.load(state);
    assertFalse(layer.weight().sharesStorageWith(state.get("weight")));
  }

  // ---- hooks

  @Test
  void sd21_hooksRunFromTheRootDownAndComeBackUp() {
    Sequential model = new Sequential(new Linear(1, 1), new Relu());
    List<String> order = new ArrayList<>();
    model.registerLoadPreHook((m, path, state, _) -> {
      assertSame(model, m);
      order.add("pre '" + path + "' " + state.tensors().keySet());
      return state;
    });
    model
        .get(0)
        .registerLoadPreHook((_, path, state, _) -> {
          order.add("pre '" + path + "' " + state.tensors().keySet());
          return state;
        });
    model
        .get(0)
        .registerLoadHook((_, keys) -> {
          order.add("child " + keys);
          return keys;
        });
    model.registerLoadHook((_, keys) -> {
      order.add("root " + keys);
      return keys;
    });
    StateDict state = model.stateDict().without("0.bias").with("1.x", Tensor.ones(1));
    model.load(state, LoadOptions.DEFAULT.lenient());
    assertEquals(
        List.of(
            "pre '' [0.weight, 1.x]",
            "pre '0' [weight]",
            "child IncompatibleKeys[missing=[0.bias], unexpected=[]]",
            "root IncompatibleKeys[missing=[0.bias], unexpected=[1.x]]"),
        order);
  }

  @Test
  void sd21_aPreHookEditsWhatIsLoaded() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    layer.registerLoadPreHook(
        (_, _, state, _) -> state.renamed(name -> name.equals("kernel") ? "weight" : name));
    layer.load(StateDict.of(Map.of("kernel", Tensor.of(new double[] {6}, 1, 1))));
    assertEquals(6, layer.weight().item());
  }

  @Test
  void sd21_aPostHookMayAcceptOrRefuseNames() {
    Sequential model = new Sequential(new Linear(1, 1), new Linear(1, 1));
    StateDict state = model.stateDict().without("0.bias").with("0.x", Tensor.ones(1));
    HookHandle accepting =
        model
            .get(0)
            .registerLoadHook((_, keys) ->
                keys.withoutMissing(name -> name.endsWith("bias"))
                    .withoutUnexpected(name -> name.equals("0.x")));
    assertTrue(model.load(state).isComplete());
    accepting.remove();
    assertTrue(refused(model, state, LoadOptions.DEFAULT).contains("0.bias"));
    model
        .get(1)
        .registerLoadHook(
            (_, keys) -> new IncompatibleKeys(List.of("1.needed"), keys.unexpected()));
    String message = refused(model, model.stateDict(), LoadOptions.DEFAULT);
    assertTrue(message.contains("missing: 1.needed"), message);
  }

  @Test
  void sd21_childrenReceiveWhatLiesUnderTheirNamesOnly() {
    Sequential model = new Sequential(new Linear(1, 1), new Linear(1, 1));
    List<Object> seen = new ArrayList<>();
    model
        .get(1)
        .registerLoadPreHook((_, _, state, _) -> {
          seen.addAll(state.tensors().keySet());
          return state;
        });
    model.load(model.stateDict());
    assertEquals(List.of("weight", "bias"), seen);
  }

  @Test
  @DisplayName("SD-21b hooks see how strict the load really is")
  void hooksSeeTheOptionsOfTheLoad() {
    Sequential model = new Sequential(new Linear(1, 1));
    List<LoadOptions> seen = new ArrayList<>();
    model
        .get(0)
        .registerLoadPreHook((_, _, state, options) -> {
          seen.add(options);
          return state;
        });
    LoadOptions options = LoadOptions.DEFAULT.lenient().skipMismatched();
    model.load(model.stateDict(), options);
    assertEquals(List.of(options), seen);
  }
}
