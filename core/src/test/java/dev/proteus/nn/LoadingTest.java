package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StaleGraphException;
import dev.proteus.error.StateDictException;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.LoadReport;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// State dicts of modules, and modules that load them.
class LoadingTest {
  private static Sequential model() {
    return new Sequential(new Linear(2, 3), new BatchNorm1d(3), new Linear(3, 1));
  }

  private static String refused(Module module, StateDict state, LoadOptions options) {
    List<double[]> before = values(module);
    var error = assertThrows(StateDictException.class, () -> module.load(state, options));
    List<double[]> after = values(module);
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i), after.get(i), "rule SD-25");
    }
    return String.valueOf(error.getMessage());
  }

  private static List<double[]> values(Module module) {
    List<double[]> values = new ArrayList<>();
    module.stateDict().tensors().values().stream()
        .filter(t -> !t.device().isMeta())
        .forEach(t -> values.add(t.toDoubleArray()));
    return values;
  }

  // ---- state dict

  @Test
  void sd11NamesInOrderParametersFirst() {
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
  void sd12ValuesAreDetachedAliases() {
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
  void sd8Sd35TiedTensorsAreListedUnderEachName() {
    Linear tied = new Linear(2, 2, Bias.NONE);
    StateDict state = new Sequential(tied, tied).stateDict();
    assertEquals(2, state.size());
    assertTrue(state.get("0.weight").sharesStorageWith(state.get("1.weight")));
  }

  @Test
  void sd14EachModuleHasAVersion() {
    StateDict state = model().stateDict();
    assertEquals(OptionalInt.of(1), state.version(""));
    assertEquals(OptionalInt.of(2), state.version("1"));
  }

  // ---- names

  @Test
  void sd23Sd24MissingUnexpectedAndErrorsInOneMessage() {
    Sequential model = model();
    StateDict state =
        model
            .stateDict()
            .copy()
            .renamed(name -> name.equals("0.weight") ? "0.weigth" : name)
            .with("0.weight.more", Tensor.ones(1))
            .with("3.bias", Tensor.ones(1))
            .with("2.weight", Tensor.ones(7, 7));
    String message = refused(model, state, LoadOptions.DEFAULT);
    int missing = message.indexOf("missing: 0.weight\n");
    int unexpected = message.indexOf("unexpected: 3.bias, 0.weigth (for 0.weight?), 0.weight.more");
    int error = message.indexOf("size mismatch for '2.weight': the state dict has [7, 7]");
    assertTrue(0 < missing && missing < unexpected && unexpected < error, message);
    assertTrue(message.contains("Sequential"), message);
  }

  @Test
  void sd24LenientReportsNamesAndLoadsTheRest() {
    Linear layer = new Linear(1, 1);
    StateDict state =
        StateDict.of(Map.of("weight", Tensor.of(new double[] {5}, 1, 1), "x", Tensor.ones(1)));
    LoadReport report = layer.load(state, LoadOptions.DEFAULT.lenient());
    assertEquals(List.of("bias"), report.missing());
    assertEquals(List.of("x"), report.unexpected());
    assertFalse(report.isComplete());
    assertEquals("missing: bias\nunexpected: x", report.toString());
    assertEquals(5, layer.weight().item());
  }

  @Test
  void sd24CompleteLoadsSaySo() {
    LoadReport report = model().load(model().stateDict());
    assertTrue(report.isComplete());
    assertEquals("all names matched", report.toString());
  }

  @Test
  void sd23TransientBuffersAreUnexpected() {
    final class Holder extends Module {
      Holder() {
        buffer("cache", () -> Tensor.ones(1), Persistence.TRANSIENT);
      }
    }
    StateDict state = StateDict.of(Map.of("cache", Tensor.ones(1)));
    assertTrue(refused(new Holder(), state, LoadOptions.DEFAULT).contains("unexpected: cache"));
  }

  @Test
  void sd28APrefixIsTakenAway() {
    Sequential model = model();
    StateDict wrapped = model.stateDict().prefixed("module.");
    assertEquals(OptionalInt.of(2), wrapped.version("module.1"));
    assertTrue(model().load(wrapped.under("module.")).isComplete());
  }

  // ---- shapes

  @Test
  void sd22ShapesMustFitAlsoWhenLenientUnlessSkipped() {
    Linear layer = new Linear(2, 1, Bias.NONE);
    StateDict state = StateDict.of(Map.of("weight", Tensor.ones(1, 3)));
    String message = refused(layer, state, LoadOptions.DEFAULT.lenient());
    assertTrue(message.contains("[1, 3]") && message.contains("[1, 2]"), message);
    LoadReport report = layer.load(state, LoadOptions.DEFAULT.skipMismatched());
    assertEquals(List.of("weight"), report.mismatched());
  }

  @Test
  void sd22OneElementFitsAScalarNotTheReverse() {
    BatchNorm1d norm = new BatchNorm1d(1);
    StateDict state = norm.stateDict().with("num_batches_tracked", Tensor.of(7L, 8L));
    norm.load(state);
    assertEquals(7, norm.buffer("num_batches_tracked").itemLong());
    StateDict reverse = norm.stateDict().with("weight", Tensor.scalar(1));
    assertTrue(refused(norm, reverse, LoadOptions.DEFAULT).contains("size mismatch"));
  }

  // ---- copy

  @Test
  void sd30CopyKeepsEverythingButValues() {
    Linear layer = new Linear(1, 1);
    Parameter weight = layer.weight();
    layer.bias().orElseThrow().requiresGrad_(false);
    layer.forward(Tensor.ones(1, 1)).sum().backward();
    Tensor grad = weight.grad().orElseThrow();
    Tensor alias = weight.detach();
    List<Tensor> hooked = new ArrayList<>();
    weight.registerHook(g -> {
      hooked.add(g);
      return Optional.empty();
    });
    Tensor graph = layer.forward(Tensor.ones(1, 1)).mul(weight).sum();
    layer.load(
        StateDict.of(
            Map.of(
                "weight", Tensor.of(new double[] {3}, 1, 1).to(DType.FLOAT64),
                "bias", Tensor.of(4L))));
    assertEquals(3, alias.item());
    assertTrue(weight.sharesStorageWith(alias));
    assertSame(grad, weight.grad().orElseThrow());
    assertEquals(DType.FLOAT32, weight.dtype());
    assertEquals(4, layer.bias().orElseThrow().item());
    assertFalse(layer.bias().orElseThrow().requiresGrad());
    assertThrows(StaleGraphException.class, graph::backward);
    layer.forward(Tensor.ones(1, 1)).sum().backward();
    assertEquals(1, hooked.size());
  }

  @Test
  void sd22CopyIntoMetaDoesNothingAndSaysSo() {
    Linear layer = Scope.on(Device.META, () -> new Linear(1, 1));
    LoadReport report = layer.load(new Linear(1, 1).stateDict());
    assertEquals(List.of("weight", "bias"), report.stillMeta());
    assertTrue(layer.weight().device().isMeta());
  }

  @Test
  void sd38CopyFromMetaIsAnError() {
    Linear meta = Scope.on(Device.META, () -> new Linear(1, 1));
    String message = refused(new Linear(1, 1), meta.stateDict(), LoadOptions.DEFAULT);
    assertTrue(message.contains("'weight'") && message.contains("meta"), message);
  }

  @Test
  void sd35DifferentValuesOfATiedTensorAreReportedAndTheLastWins() {
    Linear tied = new Linear(1, 1, Bias.NONE);
    Sequential model = new Sequential(tied, tied);
    StateDict.Builder state = StateDict.builder();
    state.put("0.weight", Tensor.of(new double[] {1}, 1, 1));
    state.put("1.weight", Tensor.of(new double[] {2}, 1, 1));
    LoadReport report = model.load(state.build());
    assertEquals(2, tied.weight().item());
    assertEquals(List.of("1.weight"), report.conflicting());
    assertTrue(model.load(model.stateDict()).conflicting().isEmpty());
  }

  // ---- assign

  @Test
  void sd31Sd32AssignTakesTheSourceButNotItsRequiresGrad() {
    Linear layer = new Linear(1, 1);
    Parameter weight = layer.weight();
    layer.bias().orElseThrow().requiresGrad_(false);
    layer.forward(Tensor.ones(1, 1)).sum().backward();
    Parameter source = Parameter.of(Tensor.of(new double[] {3}, 1, 1).to(DType.FLOAT64));
    source.requiresGrad_(false);
    Tensor bias = Tensor.of(4.0).to(DType.FLOAT64);
    StateDict state = StateDict.of(Map.of("weight", source, "bias", bias));
    layer.load(state, LoadOptions.DEFAULT.assign());
    assertSame(weight, layer.weight());
    assertTrue(weight.sharesStorageWith(source), "rule SD-34");
    assertEquals(DType.FLOAT64, weight.dtype());
    assertTrue(weight.requiresGrad());
    assertFalse(source.requiresGrad());
    assertFalse(layer.bias().orElseThrow().requiresGrad());
    assertFalse(weight.grad().isPresent());
    assertSame(source, state.get("weight"));
  }

  @Test
  void sd33AssignOfIntegersIntoWhatIsLearnedIsAnError() {
    StateDict state = StateDict.of(Map.of("weight", Tensor.of(new long[] {1}, 1, 1)));
    Linear layer = new Linear(1, 1, Bias.NONE);
    String message = refused(layer, state, LoadOptions.DEFAULT.assign());
    assertTrue(message.contains("int64"), message);
    layer.requiresGrad_(false);
    layer.load(state, LoadOptions.DEFAULT.assign());
    assertEquals(DType.INT64, layer.weight().dtype());
  }

  @Test
  void sd36Sd37AssignBringsAMetaModelToLife() {
    Sequential model = Scope.on(Device.META, LoadingTest::model);
    List<Parameter> parameters = model.parameters();
    Tensor mean = model.buffer("1.running_mean");
    StateDict state = model().stateDict().without("2.bias");
    LoadReport report = model.load(state, LoadOptions.DEFAULT.assign().lenient());
    assertEquals(List.of("2.bias"), report.stillMeta());
    assertEquals(List.of("2.bias"), report.missing());
    assertEquals(parameters, model.parameters(), "identity is equality, rule SD-39");
    assertSame(mean, model.buffer("1.running_mean"));
    assertEquals(Scope.device(), mean.device());
    assertArrayEquals(
        state.get("0.weight").toDoubleArray(), model.parameter("0.weight").toDoubleArray());
  }

  @Test
  void sd35AssignKeepsTensorsTied() {
    Linear tied = new Linear(1, 1, Bias.NONE);
    Sequential model = new Sequential(tied, tied);
    StateDict.Builder state = StateDict.builder();
    state.put("0.weight", Tensor.of(new double[] {1}, 1, 1));
    state.put("1.weight", Tensor.of(new double[] {2}, 1, 1));
    model.load(state.build(), LoadOptions.DEFAULT.assign());
    assertSame(model.parameter("0.weight"), model.parameter("1.weight"));
    assertEquals(2, tied.weight().item());
  }

  // ---- versions and files

  @Test
  void sd26BatchNormsOfOldDoNotCount() {
    StateDict.Builder old = StateDict.builder();
    new BatchNorm1d(2).stateDict().tensors().forEach(old::put);
    old.remove("num_batches_tracked");
    BatchNorm1d norm = new BatchNorm1d(2);
    norm.forward(Tensor.randn(3, 2));
    assertTrue(norm.load(old.build()).isComplete(), "no version");
    assertEquals(0, norm.buffer("num_batches_tracked").itemLong());
    assertTrue(norm.load(old.version("", 1).build()).isComplete(), "version 1");
    String message = refused(norm, old.version("", 2).build(), LoadOptions.DEFAULT);
    assertTrue(message.contains("missing: num_batches_tracked"), message);
  }

  @Test
  void aModelGoesThroughAFile(@TempDir Path folder) {
    Path file = folder.resolve("model.safetensors");
    Sequential model = model();
    model.forward(Tensor.randn(4, 2));
    model.bfloat16().stateDict().save(file);
    Sequential other = model();
    assertTrue(other.load(StateDict.load(file), LoadOptions.DEFAULT.assign()).isComplete());
    assertEquals(DType.BFLOAT16, other.parameter("0.weight").dtype());
    assertEquals(1, other.buffer("1.num_batches_tracked").itemLong());
    List<double[]> written = values(model);
    List<double[]> read = values(other);
    for (int i = 0; i < written.size(); i++) {
      assertArrayEquals(written.get(i), read.get(i));
    }
  }
}
