package dev.proteus.nn.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StateDictException;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Relu;
import dev.proteus.nn.Sequential;
import dev.proteus.optim.Adam;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Modules whose linear layers have weights in fewer bits.
class QuantizationTest {
  @TempDir Path folder;

  /// The two ways, for tests of what they have in common.
  enum Format {
    INT8(Int8Weight.KIND),
    INT4(Int4Weight.KIND);

    final Kind<?> kind;

    Format(Kind<?> kind) {
      this.kind = kind;
    }

    QuantizationReport apply(dev.proteus.nn.Module module) {
      return switch (this) {
        case INT8 -> Quantization.int8(module);
        case INT4 -> Quantization.int4(module);
      };
    }
  }

  private static Sequential net(long seed) {
    return Scope.withGenerator(
        new Generator(seed),
        () -> new Sequential(new Linear(6, 40), new Relu(), new Linear(40, 3)));
  }

  private static Tensor x(long... sizes) {
    return Scope.withGenerator(new Generator(9), () -> Tensor.randn(sizes));
  }

  private static double[] output(Sequential net) {
    return Scope.noGrad(() -> net.forward(x(4, 6)).toDoubleArray());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void parametersStayWhatTheyAreAndAreNoLongerLearned(Format format) {
    Sequential net = net(1);
    List<Parameter> before = net.parameters();
    net.forward(x(2, 6)).sum().backward();
    QuantizationReport report = format.apply(net);
    assertEquals(before, net.parameters());
    assertEquals(List.of("0.weight", "2.weight"), report.weights());
    Parameter weight = net.parameter("0.weight");
    assertSame(format.kind, Kind.of(weight).orElseThrow());
    assertFalse(weight.requiresGrad());
    assertEquals(Optional.empty(), weight.grad());
    assertTrue(net.parameter("0.bias").requiresGrad());
    assertTrue(net.parameter("0.bias").grad().isPresent());
  }

  @Test
  void theReportCountsBytes() {
    QuantizationReport int8 = Quantization.int8(net(1));
    assertEquals(4 * (6 * 40 + 40 * 3), int8.bytesBefore());
    assertEquals(6 * 40 + 40 * 3 + 4 * (40 + 3), int8.bytesAfter());
    QuantizationReport int4 = Quantization.int4(net(1));
    assertEquals(int8.bytesBefore(), int4.bytesBefore());
    assertEquals(20 * (40 + 3 * 2), int4.bytesAfter());
    assertEquals("2 weights, 1440 bytes before, 920 after", int4.toString());
  }

  @Test
  void pathsChooseAndWhatIsQuantizedStays() {
    Sequential net = net(1);
    assertEquals(List.of("2.weight"), Quantization.int8(net, "2.weight"::equals).weights());
    assertEquals(List.of("0.weight"), Quantization.int4(net).weights());
    assertSame(Int8Weight.KIND, Kind.of(net.parameter("2.weight")).orElseThrow());
    assertEquals(List.of(), Quantization.int4(net).weights());
    Linear alone = new Linear(2, 3);
    assertEquals(List.of("weight"), Quantization.int8(alone).weights());
  }

  @Test
  void aWeightThatIsNotFiniteChangesNothing() {
    Sequential net = net(1);
    Scope.noGrad(() -> net.parameter("2.weight").mul_(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Quantization.int8(net));
    assertEquals(Optional.empty(), Kind.of(net.parameter("0.weight")));
    assertTrue(net.parameter("0.weight").requiresGrad());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void aSmallNetworkKeepsWhatItLearned(Format format) {
    Sequential net = net(2);
    Tensor points = x(60, 6);
    Tensor classes = points.narrow(1, 0, 3).argmax(1);
    Adam optimizer = new Adam(net.parameters(), 0.02);
    for (int step = 0; step < 60; step++) {
      Scope.memory(() -> {
        optimizer.zeroGrad();
        net.forward(points).crossEntropy(classes).backward();
        optimizer.step();
        return optimizer;
      });
    }
    assertTrue(right(net, points, classes) >= 58);
    format.apply(net);
    assertTrue(right(net, points, classes) >= 56);
  }

  private static long right(Sequential net, Tensor points, Tensor classes) {
    return Scope.noGrad(() -> net.forward(points).argmax(1).eq(classes).sum().itemLong());
  }

  // ---- conversion, state

  @ParameterizedTest
  @EnumSource(Format.class)
  void itConvertsAndMoves(Format format) {
    Sequential net = net(1);
    format.apply(net);
    double[] before = output(net);
    Parameter weight = net.parameter("0.weight");
    net.to(DType.BFLOAT16);
    assertSame(weight, net.parameter("0.weight"));
    assertEquals(DType.BFLOAT16, weight.dtype());
    Tensor y = net.forward(x(4, 6).to(DType.BFLOAT16));
    assertEquals(DType.BFLOAT16, y.dtype());
    assertArrayEquals(before, y.to(DType.FLOAT64).toDoubleArray(), 0.05);
    net.to(DType.FLOAT32).to(Device.META);
    assertEquals(Device.META, weight.device());
    assertSame(format.kind, Kind.of(weight).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void aFileBringsItBackAndLoadsIntoTheSameKind(Format format) {
    Sequential net = net(1);
    format.apply(net);
    Path file = folder.resolve("net.safetensors");
    net.stateDict().save(file);
    StateDict read = StateDict.load(file, format.kind);
    assertEquals(List.copyOf(net.stateDict().tensors().keySet()), names(read));
    assertSame(format.kind, Kind.of(read.get("0.weight")).orElseThrow());
    Sequential other = net(2);
    format.apply(other);
    Parameter weight = other.parameter("0.weight");
    other.load(read);
    assertSame(weight, other.parameter("0.weight"));
    assertArrayEquals(output(net), output(other), 0);
    Sequential plain = net(3);
    plain.load(read);
    assertEquals(Optional.empty(), Kind.of(plain.parameter("0.weight")));
    assertArrayEquals(output(net), output(plain), 1e-4);
  }

  private static List<String> names(StateDict state) {
    return List.copyOf(state.tensors().keySet());
  }

  @Test
  void aFileWithAKindThatIsNotGivenNamesIt() {
    Sequential net = net(1);
    Quantization.int4(net);
    Path file = folder.resolve("net.safetensors");
    net.stateDict().save(file);
    for (Kind<?>[] given : List.of(new Kind<?>[0], new Kind<?>[] {Int8Weight.KIND})) {
      var error = assertThrows(StateDictException.class, () -> StateDict.load(file, given));
      assertTrue(String.valueOf(error.getMessage()).contains("Int4Weight"), error::getMessage);
      assertTrue(String.valueOf(error.getMessage()).contains("0.weight"), error::getMessage);
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void aSkeletonOnMetaQuantizesWhatItIsGiven(Format format) {
    Sequential skeleton = net(1);
    skeleton.to(Device.META);
    format.apply(skeleton);
    Parameter weight = skeleton.parameter("0.weight");
    assertEquals(Device.META, weight.device());
    Sequential given = net(5);
    skeleton.load(given.stateDict().copy(), LoadOptions.DEFAULT.assign());
    assertSame(weight, skeleton.parameter("0.weight"));
    assertSame(format.kind, Kind.of(weight).orElseThrow());
    assertEquals(Scope.device(), weight.device());
    format.apply(given);
    assertArrayEquals(output(given), output(skeleton), 0);
    skeleton.load(given.stateDict().copy(), LoadOptions.DEFAULT.assign());
    assertArrayEquals(output(given), output(skeleton), 0);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void plainValuesAreQuantizedWhereTheyAreCopied(Format format) {
    Sequential net = net(1);
    format.apply(net);
    Sequential given = net(5);
    net.load(given.stateDict());
    format.apply(given);
    assertArrayEquals(output(given), output(net), 0);
  }

  @Test
  void weightsOfTheTwoKindsAndPlainOnesSwap() {
    Linear a = new Linear(40, 3);
    Linear b = new Linear(40, 3);
    Linear c = new Linear(40, 3);
    Quantization.int8(a);
    Quantization.int4(b);
    Scope.noGrad(() -> c.requiresGrad_(false));
    Tensor.swap(a.weight(), b.weight());
    Tensor.swap(a.weight(), c.weight());
    assertEquals(Optional.empty(), Kind.of(a.weight()));
    assertSame(Int8Weight.KIND, Kind.of(b.weight()).orElseThrow());
    assertSame(Int4Weight.KIND, Kind.of(c.weight()).orElseThrow());
    assertEquals(2, c.forward(x(2, 40)).size(0));
  }
}
