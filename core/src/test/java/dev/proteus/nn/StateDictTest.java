package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StateDictException;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.LoadReport;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// What modules save: names, aliases, versions, state of their own, and hooks.
class StateDictTest {
  private static Sequential model() {
    return new Sequential(new Linear(2, 3), new BatchNorm1d(3), new Linear(3, 1));
  }

  @Test
  void sd11_namesInOrderParametersFirst() {
    assertEquals(
        List.of(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked",
            "2.weight",
            "2.bias"),
        List.copyOf(model().stateDict().tensors().keySet()));
  }

  @Test
  void sd12_valuesAreDetachedAliases() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    StateDict state = layer.stateDict();
    StateDict snapshot = state.copy();
    Tensor alias = state.get("weight");
    assertNotSame(layer.weight(), alias);
    assertFalse(alias.requiresGrad());
    Init.constant_(layer.weight(), 42);
    assertEquals(42, alias.item());
    assertFalse(snapshot.get("weight").sharesStorageWith(layer.weight()));
  }

  @Test
  void sd8_sd35_tiedTensorsAreListedUnderEachName() {
    Linear tied = new Linear(2, 2, Bias.NONE);
    StateDict state = new Sequential(tied, tied).stateDict();
    assertEquals(2, state.size());
    assertTrue(state.get("0.weight").sharesStorageWith(state.get("1.weight")));
  }

  @Test
  void sd14_eachModuleHasAVersion() {
    StateDict state = model().stateDict();
    assertEquals(OptionalInt.of(1), state.version(""));
    assertEquals(OptionalInt.of(2), state.version("1"));
  }

  @Test
  void sd11_transientBuffersAreLeftOut() {
    final class Holder extends Module {
      Holder() {
        buffer("cache", () -> Tensor.ones(1), Persistence.TRANSIENT);
        buffer("kept", () -> Tensor.ones(1), Persistence.PERSISTENT);
        parameter("weight", () -> Tensor.ones(1));
      }
    }
    assertEquals(
        List.of("weight", "kept"), List.copyOf(new Holder().stateDict().tensors().keySet()));
  }

  @Test
  void sd12_liveHandlesAreTheParametersThemselves() {
    Sequential model = model();
    StateDict live = model.stateDict(Handles.LIVE);
    assertSame(model.parameter("0.weight"), live.get("0.weight"));
    assertTrue(live.get("0.weight").requiresGrad());
    assertSame(model.buffer("1.running_mean"), live.get("1.running_mean"));
    assertEquals(
        List.copyOf(model.stateDict().tensors().keySet()), List.copyOf(live.tensors().keySet()));
  }

  // ---- state of one's own

  private static final class Counting extends Layer implements ExtraState {
    private long calls;
    private boolean broken;

    @Override
    protected Tensor compute(Tensor input) {
      calls++;
      return input;
    }

    @Override
    public Tensor extraState() {
      return Tensor.of(calls);
    }

    @Override
    public void setExtraState(Tensor state) {
      calls = state.itemLong();
      if (broken) {
        broken = false;
        throw new IllegalStateException("broken on purpose");
      }
    }
  }

  @Test
  void sd15_extraStateIsSavedAndLoaded() {
    Sequential model = new Sequential(new Counting(), new Linear(1, 1));
    model.forward(Tensor.ones(1, 1));
    StateDict state = model.stateDict();
    assertEquals(
        List.of("0._extra_state", "1.weight", "1.bias"), List.copyOf(state.tensors().keySet()));
    Counting counting = new Counting();
    assertTrue(new Sequential(counting, new Linear(1, 1)).load(state).isComplete());
    assertEquals(1, counting.calls);
  }

  @Test
  void sd15_sd23_extraStateIsMissingOrUnexpectedLikeOtherEntries() {
    StateDict state = new Counting().stateDict();
    LoadReport report = new Relu().load(state, LoadOptions.DEFAULT.lenient());
    assertEquals(List.of("_extra_state"), report.unexpected());
    report = new Counting().load(new Relu().stateDict(), LoadOptions.DEFAULT.lenient());
    assertEquals(List.of("_extra_state"), report.missing());
  }

  @Test
  void sd15_sd25_aFailureOfOneStatePutsAllBack() {
    Counting first = new Counting();
    Counting second = new Counting();
    Linear linear = new Linear(1, 1, Bias.NONE);
    first.calls = 1;
    second.calls = 2;
    second.broken = true;
    Sequential model = new Sequential(first, second, linear);
    double before = linear.weight().item();
    StateDict state =
        model
            .stateDict()
            .copy()
            .with("0._extra_state", Tensor.of(7L))
            .with("1._extra_state", Tensor.of(8L))
            .with("2.weight", Tensor.ones(1, 1));
    var error = assertThrows(StateDictException.class, () -> model.load(state));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("'1._extra_state'") && message.contains("on purpose"), message);
    assertEquals(1, first.calls);
    assertEquals(2, second.calls);
    assertEquals(before, linear.weight().item());
  }

  // ---- hooks

  @Test
  void sd16_hooksRunBeforeAndAfterTheChildren() {
    Sequential model = new Sequential(new Linear(1, 1));
    List<String> order = new ArrayList<>();
    model.registerStateDictPreHook((m, path, handles) -> {
      assertSame(model, m);
      order.add("pre '" + path + "' " + handles);
    });
    model.get(0).registerStateDictPreHook((_, path, _) -> order.add("pre '" + path + "'"));
    model
        .get(0)
        .registerStateDictHook((_, path, state) -> {
          order.add("post '" + path + "' " + state.tensors().keySet());
          return state;
        });
    HookHandle last =
        model.registerStateDictHook((_, path, state) -> {
          order.add("post '" + path + "' " + state.tensors().keySet());
          return state;
        });
    model.stateDict(Handles.LIVE);
    assertEquals(
        List.of("pre '' LIVE", "pre '0'", "post '0' [weight, bias]", "post '' [0.weight, 0.bias]"),
        order);
    last.remove();
    order.clear();
    model.stateDict();
    assertEquals(3, order.size());
    assertEquals("pre '' DETACHED", order.getFirst());
  }

  @Test
  void sd16_aPostHookEditsWhatIsSaved() {
    Sequential model = new Sequential(new Linear(1, 1), new Linear(1, 1));
    model.get(0).registerStateDictHook((_, _, state) -> state.without("bias"));
    model.registerStateDictHook((_, _, state) -> state.with("extra", Tensor.ones(1)));
    StateDict state = model.stateDict();
    assertEquals(
        List.of("0.weight", "1.weight", "1.bias", "extra"), List.copyOf(state.tensors().keySet()));
    assertEquals(OptionalInt.of(1), state.version("0"));
  }

  /// Saves its weight under a name of its own, and knows it again.
  private static final class Custom extends Module {
    Custom() {
      parameter("weight", () -> Tensor.ones(1));
      module("child", new Linear(1, 1, Bias.NONE));
    }

    @Override
    protected StateDict saved(StateDict own) {
      return own.renamed(name -> "my_" + name);
    }

    @Override
    protected StateDict upgrade(StateDict state, OptionalInt version) {
      return state.renamed(name -> name.equals("my_weight") ? "weight" : name);
    }
  }

  @Test
  void sd16_aModuleMaySaveItselfDifferently() {
    Custom custom = new Custom();
    Init.constant_(custom.parameter("weight"), 3);
    StateDict state = custom.stateDict();
    assertEquals(List.of("my_weight", "child.weight"), List.copyOf(state.tensors().keySet()));
    Custom other = new Custom();
    assertTrue(other.load(state).isComplete());
    assertEquals(3, other.parameter("weight").item());
  }

  // ---- prefixes

  @Test
  void sd28_aPrefixIsTakenAway() {
    Sequential model = model();
    StateDict wrapped = model.stateDict().prefixed("module.");
    assertEquals(OptionalInt.of(2), wrapped.version("module.1"));
    assertEquals(OptionalInt.of(1), wrapped.version("module"), "the root's path has no dot");
    assertTrue(model().load(wrapped.under("module.")).isComplete());
    StateDict stripped = wrapped.with("other", Tensor.ones(1)).withoutPrefix("module.");
    assertEquals(OptionalInt.of(2), stripped.version("1"));
    assertEquals(OptionalInt.of(1), stripped.version(""));
    assertTrue(stripped.contains("0.weight") && stripped.contains("other"));
    assertTrue(model().load(stripped.without("other")).isComplete());
    assertEquals(stripped.tensors().keySet(), stripped.withoutPrefix("module.").tensors().keySet());
    assertTrue(wrapped.contains("module.0.weight"), "the original stays");
  }

  @Test
  void sd28_aWrappedDictFitsAWrapper() {
    final class Wrapper extends Module {
      Wrapper() {
        module("module", new BatchNorm1d(1));
      }
    }
    StateDict wrapped = new BatchNorm1d(1).stateDict().prefixed("module.");
    assertTrue(new Wrapper().load(wrapped).isComplete());
    StateDict old = wrapped.without("module.num_batches_tracked");
    assertThrows(StateDictException.class, () -> new Wrapper().load(old), "version 2 came along");
  }

  @Test
  void sd28_namesThatBecomeEqualAreRefused() {
    StateDict state =
        StateDict.builder().put("a.w", Tensor.ones(1)).put("w", Tensor.ones(1)).build();
    var error = assertThrows(StateDictException.class, () -> state.withoutPrefix("a."));
    assertTrue(String.valueOf(error.getMessage()).contains("'w'"));
  }
}
