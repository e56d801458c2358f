package dev.proteus.nn;

import static dev.proteus.nn.LoadChecks.model;
import static dev.proteus.nn.LoadChecks.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StaleGraphException;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.LoadReport;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Modules that load state dicts: names, shapes, and how values are written.
class LoadingTest {
  // ---- names

  @Test
  void sd23_sd24_missingUnexpectedAndErrorsInOneMessage() {
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
  void sd23_sd24_theReportSuggestsWhatAnUnexpectedNameWasMeantFor() {
    Linear layer = new Linear(1, 1);
    StateDict state =
        StateDict.builder()
            .put("module.weight", Tensor.ones(1, 1))
            .put("biaz", Tensor.ones(1))
            .put("elsewhere", Tensor.ones(1))
            .build();
    LoadReport report = layer.load(state, LoadOptions.DEFAULT.lenient());
    assertEquals(Optional.of("weight"), report.suggestion("module.weight"));
    assertEquals(Optional.of("bias"), report.suggestion("biaz"));
    assertEquals(Optional.empty(), report.suggestion("elsewhere"));
    assertEquals(
        """
        missing: weight, bias
        unexpected: module.weight (for weight?), biaz (for bias?), elsewhere\
        """,
        report.toString());
    String message = refused(layer, state, LoadOptions.DEFAULT);
    assertTrue(message.contains("module.weight (for weight?), biaz (for bias?), else"), message);
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
  void sd22_sd24_allErrorsAreReportedTogether() {
    Linear layer = new Linear(2, 1);
    StateDict state =
        StateDict.builder().put("weight", Tensor.ones(9)).put("bias", Tensor.ones(8)).build();
    String message = refused(layer, state, LoadOptions.DEFAULT);
    int weight = message.indexOf("size mismatch for 'weight': the state dict has [9]");
    int bias = message.indexOf("size mismatch for 'bias': the state dict has [8]");
    assertTrue(0 < weight && weight < bias, message);
    LoadReport report = layer.load(state, LoadOptions.DEFAULT.skipMismatched());
    assertEquals(List.of("weight", "bias"), report.mismatched());
    assertFalse(report.isComplete());
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

  @Test
  void sd36_buffersKeepTheirTypeWhenCopied() {
    BatchNorm1d norm = new BatchNorm1d(1);
    Tensor mean = norm.buffer("running_mean");
    StateDict state = norm.stateDict().with("running_mean", Tensor.of(5.0).to(DType.FLOAT64));
    norm.load(state);
    assertSame(mean, norm.buffer("running_mean"));
    assertEquals(DType.FLOAT32, mean.dtype());
    assertEquals(5, mean.item());
  }

  // ---- assign

  @Test
  void sd34_assignCopyLeavesTheStateDictAlone() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    Parameter weight = layer.weight();
    Tensor source = Tensor.of(new double[] {3}, 1, 1).to(DType.FLOAT64);
    StateDict state = StateDict.of(Map.of("weight", source));
    layer.load(state, LoadOptions.DEFAULT.assignCopy());
    assertSame(weight, layer.weight());
    assertEquals(DType.FLOAT64, weight.dtype());
    assertFalse(weight.sharesStorageWith(source));
    Init.constant_(weight, 9);
    assertEquals(3, source.item());
    layer.load(state, LoadOptions.DEFAULT.assign());
    Init.constant_(weight, 9);
    assertEquals(9, source.item(), "assign shares");
  }

  @Test
  void sd32_assignTakesStridesFromTheSource() {
    Linear layer = new Linear(2, 3, Bias.NONE);
    Tensor source = Tensor.ones(2, 3).transpose(0, 1);
    layer.load(StateDict.of(Map.of("weight", source)), LoadOptions.DEFAULT.assign());
    assertEquals(source.layout(), layer.weight().layout());
    assertFalse(layer.weight().isContiguous());
  }

  @Test
  void sd31_sd32_assignTakesTheSourceButNotItsRequiresGrad() {
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
  void sd36_sd37_sd39_assignBringsAMetaModelToLife() {
    Sequential model = Scope.on(Device.META, LoadChecks::model);
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
  void sd37_whatStaysOnMetaMayBeRefused() {
    final class Holder extends Module {
      Holder() {
        parameter("weight", () -> Tensor.ones(1));
        buffer("cache", () -> Tensor.ones(1), Persistence.TRANSIENT);
      }
    }
    Holder meta = Scope.on(Device.META, Holder::new);
    StateDict state = new Holder().stateDict();
    LoadOptions strict = LoadOptions.DEFAULT.assign().refuseMeta();
    String message = refused(meta, state, strict);
    assertTrue(message.contains("still on meta: cache"), message);
    assertTrue(meta.parameter("weight").device().isMeta(), "nothing has changed");
    assertEquals(List.of("cache"), meta.load(state, LoadOptions.DEFAULT.assign()).stillMeta());
    assertTrue(new Holder().load(state, strict).stillMeta().isEmpty());
    Holder copied = Scope.on(Device.META, Holder::new);
    message = refused(copied, state, LoadOptions.DEFAULT.refuseMeta());
    assertTrue(message.contains("still on meta: weight, cache"), message);
  }

  @Test
  void sd38_assignFromMetaMakesTheModuleMeta() {
    Linear layer = new Linear(1, 1);
    StateDict meta = Scope.on(Device.META, () -> new Linear(1, 1)).stateDict();
    String message = refused(layer, meta, LoadOptions.DEFAULT.assign().refuseMeta());
    assertTrue(message.contains("still on meta: weight, bias"), message);
    LoadReport report = layer.load(meta, LoadOptions.DEFAULT.assign());
    assertEquals(List.of("weight", "bias"), report.stillMeta());
    assertTrue(layer.weight().device().isMeta());
  }

  @Test
  void sd39_namesKeepTheirOrderWhateverTheOrderOfTheSource() {
    Sequential model = model();
    List<String> names = List.copyOf(model.stateDict().tensors().keySet());
    StateDict.Builder reversed = StateDict.builder();
    StateDict source = model().stateDict();
    source.tensors().reversed().forEach(reversed::put);
    source.versions().forEach(reversed::version);
    model.load(reversed.build(), LoadOptions.DEFAULT.assign());
    assertEquals(names, List.copyOf(model.stateDict().tensors().keySet()));
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
    List<double[]> written = LoadChecks.values(model);
    List<double[]> read = LoadChecks.values(other);
    for (int i = 0; i < written.size(); i++) {
      assertArrayEquals(written.get(i), read.get(i));
    }
  }

  @Test
  void sd44WeakReferencesDoNotStopALoad() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    WeakReference<Parameter> reference = new WeakReference<>(layer.weight());
    StateDict state = StateDict.of(Map.of("weight", Tensor.of(new double[][] {{4}})));
    layer.load(state);
    assertEquals(4, layer.weight().item());
    layer.load(state.with("weight", Tensor.of(new double[][] {{5}})), LoadOptions.DEFAULT.assign());
    assertEquals(5, layer.weight().item());
    assertTrue(reference.refersTo(layer.weight()));
  }
}
