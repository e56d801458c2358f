package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.BackendUnavailableException;
import dev.proteus.error.NoDataException;
import dev.proteus.optim.Sgd;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Skeletons on meta that come to life with their initial values.
class MaterializeTest {
  private static final Device DEVICE = Scope.device();

  private static Sequential model() {
    return new Sequential(
        new Conv2d(2, 4, 3),
        new BatchNorm2d(4),
        new Flatten(),
        new Linear(16, 8),
        new TransformerEncoderLayer(8, 2, TransformerOptions.DEFAULT.withHidden(5)));
  }

  private static Sequential skeleton() {
    return Scope.on(Device.META, MaterializeTest::model);
  }

  private static <M extends Module> M seeded(Supplier<M> make) {
    return Scope.withGenerator(new Generator(7), make);
  }

  private static void assertEqualState(Module expected, Module actual) {
    StateDict wanted = expected.stateDict();
    StateDict got = actual.stateDict();
    assertEquals(wanted.tensors().keySet(), got.tensors().keySet());
    for (String name : wanted.tensors().keySet()) {
      assertEquals(wanted.get(name).spec(), got.get(name).spec(), name);
      assertArrayEquals(wanted.get(name).toDoubleArray(), got.get(name).toDoubleArray(), name);
    }
  }

  @Test
  @DisplayName("MD-15 materialize gives the values that the seed would have given without meta")
  void sameValues() {
    Sequential skeleton = skeleton();
    List<Parameter> parameters = skeleton.parameters();
    Sequential real = seeded(MaterializeTest::model);
    assertSame(skeleton, seeded(() -> (Sequential) skeleton.materialize(DEVICE)));
    assertEquals(parameters, skeleton.parameters(), "identity is equality");
    assertEqualState(real, skeleton);
    assertTrue(skeleton.parameters().stream().allMatch(p -> p.requiresGrad() && p.isLeaf()));
  }

  @Test
  @DisplayName("MD-14, MD-15 types, sharing and requiring grad are what they had become on meta")
  void whatStays() {
    Linear tied = Scope.on(Device.META, () -> new Linear(2, 2));
    Sequential model = new Sequential(tied, tied);
    tied.bias().orElseThrow().requiresGrad_(false);
    Sgd optimizer = new Sgd(model.parameters(), 1.0);
    model.to(DType.FLOAT64).materialize(DEVICE);
    assertEquals(DType.FLOAT64, tied.weight().dtype());
    assertFalse(tied.bias().orElseThrow().requiresGrad());
    assertSame(model.parameter("0.weight"), model.parameter("1.weight"));
    double[] before = tied.weight().toDoubleArray();
    model.forward(Tensor.ones(1, 2).to(DType.FLOAT64)).sum().backward();
    optimizer.step();
    assertFalse(Arrays.equals(before, tied.weight().toDoubleArray()));
  }

  @Test
  @DisplayName(
      "MD-15 stillMeta names what has no data, and materialize gives values to the rest of a load")
  void theRestOfALoad() {
    Sequential skeleton = skeleton();
    assertEquals(
        skeleton.namedParameters().size() + skeleton.namedBuffers().size(),
        skeleton.metaReport().size());
    StateDict.Builder some = StateDict.builder();
    Tensor weight = Tensor.ones(8, 16);
    some.put("3.weight", weight);
    skeleton.load(some.build(), LoadOptions.DEFAULT.assign().lenient());
    assertFalse(skeleton.metaReport().contains("3.weight"));
    assertTrue(skeleton.metaReport().contains("3.bias"));
    assertTrue(skeleton.metaReport().contains("1.running_mean"));
    skeleton.materialize(DEVICE);
    assertEquals(List.of(), skeleton.metaReport());
    assertTrue(skeleton.parameter("3.weight").sharesStorageWith(weight));
    assertArrayEquals(new double[] {1, 1, 1, 1}, skeleton.buffer("1.running_var").toDoubleArray());
  }

  /// A scale that was not registered with its first values, but as a tensor.
  private static final class Scaled extends Layer {
    private final Linear inner = module("inner", new Linear(2, 2));
    private final Buffer scale = buffer("scale", Buffer.of(Tensor.ones(2)), Persistence.TRANSIENT);

    @Override
    protected Tensor compute(Tensor input) {
      return inner.forward(input).mul(scale);
    }
  }

  @Test
  @DisplayName("MD-15 where first values are not known nothing changes, and the names are said")
  void unknownValues() {
    Scaled model = Scope.on(Device.META, Scaled::new);
    var error = assertThrows(IllegalStateException.class, () -> model.materialize(DEVICE));
    assertTrue(String.valueOf(error.getMessage()).contains("[scale]"), error.getMessage());
    assertEquals(List.of("inner.weight", "inner.bias", "scale"), model.metaReport());
    Device missing = Device.parse("abacus:0");
    assertThrows(BackendUnavailableException.class, () -> model.materialize(missing));
  }

  @Test
  @DisplayName("MD-15 a spectral norm made on meta comes to life with its singular vectors")
  void spectralNorm() {
    Linear layer = Scope.on(Device.META, () -> Parametrize.spectralNorm(new Linear(3, 4)));
    layer.materialize(DEVICE);
    assertEquals(List.of(), layer.metaReport());
    assertEquals(DEVICE, layer.forward(Tensor.ones(1, 3)).device());
  }

  @Test
  @DisplayName("MD-15 first values that have no data themselves are an error, and nothing changes")
  void valuesWithoutData() {
    Layer model =
        Scope.on(
            Device.META,
            () ->
                new Layer() {
                  {
                    buffer("table", () -> Tensor.zeros(2).to(Device.META), Persistence.PERSISTENT);
                  }

                  @Override
                  protected Tensor compute(Tensor input) {
                    return input;
                  }
                });
    assertThrows(NoDataException.class, () -> model.materialize(DEVICE));
    assertEquals(List.of("table"), model.metaReport());
  }
}
