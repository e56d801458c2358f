package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Registration, lookup, order, modes and hooks of modules.
class ModuleTest {
  /// A module that lets tests register what they like.
  private static final class Bag extends Module {
    Parameter add(String name, Parameter p) {
      return parameter(name, p);
    }

    Buffer add(String name, Buffer b, Persistence kept) {
      return buffer(name, b, kept);
    }

    <M extends Module> M add(String name, M child) {
      return module(name, child);
    }
  }

  private static Parameter one() {
    return Parameter.of(Tensor.ones(1));
  }

  private static Buffer buffer() {
    return Buffer.of(Tensor.ones(1));
  }

  private static void refused(Runnable registration, String part) {
    var error = assertThrows(IllegalArgumentException.class, registration::run);
    assertTrue(String.valueOf(error.getMessage()).contains(part), error::getMessage);
  }

  @Test
  void sd1NamesAreCheckedAndKindsDoNotMix() {
    Bag bag = new Bag();
    bag.add("p", one());
    bag.add("b", buffer(), Persistence.PERSISTENT);
    bag.add("m", new Bag());
    refused(() -> bag.add("", one()), "''");
    refused(() -> bag.add("a.b", one()), "dot");
    refused(() -> bag.add("b", one()), "already");
    refused(() -> bag.add("m", one()), "already");
    refused(() -> bag.add("p", buffer(), Persistence.PERSISTENT), "already");
    refused(() -> bag.add("b", new Bag()), "already");
    refused(() -> bag.add("x.y", new Bag()), "dot");
    assertEquals(List.of("p"), List.copyOf(bag.namedParameters().keySet()));
  }

  @Test
  void sd1AParameterWithHistoryIsRefused() {
    Parameter p = one();
    Tensor leaf = Tensor.ones(1).requiresGrad_(true);
    p.requiresGrad_(false);
    p.mul_(leaf);
    refused(() -> new Bag().add("p", p), "leaf");
  }

  @Test
  void sd2TheSameNameIsOverridden() {
    Bag bag = new Bag();
    Parameter first = bag.add("p", one());
    Parameter second = bag.add("p", one());
    assertNotSame(first, second);
    assertSame(second, bag.parameter("p"));
    assertEquals(1, bag.parameters().size());
  }

  @Test
  void sd5ABufferChangesItsPersistence() {
    Bag bag = new Bag();
    bag.add("b", buffer(), Persistence.PERSISTENT);
    assertTrue(bag.stateDict().contains("b"));
    bag.add("b", bag.buffer("b"), Persistence.TRANSIENT);
    assertFalse(bag.stateDict().contains("b"));
    assertEquals(1, bag.namedBuffers().size());
  }

  private static Bag tree() {
    Bag root = new Bag();
    Bag left = root.add("left", new Bag());
    Bag right = root.add("right", new Bag());
    left.add("w", one());
    Bag deep = right.add("deep", new Bag());
    deep.add("w", one());
    deep.add("b", buffer(), Persistence.PERSISTENT);
    root.add("own", one());
    right.add("again", left);
    right.add("tied", left.parameter("w"));
    return root;
  }

  @Test
  void sd7LookupsFollowPathsAndNameWhatIsMissing() {
    Bag root = tree();
    assertSame(root, root.module(""));
    assertSame(root.module("left"), root.module("right.again"));
    assertSame(root.parameter("left.w"), root.parameter("right.tied"));
    assertEquals(1, root.buffer("right.deep.b").numel());
    var error = assertThrows(IllegalStateException.class, () -> root.parameter("right.deap.w"));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("Bag has no module 'deap'") && message.contains("deep"), message);
    assertThrows(IllegalStateException.class, () -> root.buffer("left.w"));
    assertThrows(IllegalStateException.class, () -> root.module("own"));
  }

  @Test
  void sd8OrderIsThatOfRegistrationAndDuplicatesAreListedOnce() {
    Bag root = tree();
    assertEquals(
        List.of("own", "left.w", "right.deep.w"), List.copyOf(root.namedParameters().keySet()));
    assertEquals(
        List.of("own", "left.w", "right.tied", "right.deep.w", "right.again.w"),
        List.copyOf(root.namedParameters(Duplicates.KEEP).keySet()));
    assertEquals(
        List.of("", "left", "right", "right.deep"), List.copyOf(root.namedModules().keySet()));
    assertEquals(
        List.of("", "left", "right", "right.deep", "right.again"),
        List.copyOf(root.namedModules(Duplicates.KEEP).keySet()));
    assertEquals(List.of("left", "right"), List.copyOf(root.children().keySet()));
    assertEquals(3, root.parameters().size());
  }

  @Test
  void sd10ModesAndFlagsReachTheWholeTree() {
    Sequential model = new Sequential(new Linear(2, 2), new Sequential(new Dropout()));
    assertTrue(model.isTraining());
    assertSame(model, model.eval());
    assertFalse(model.module("1.0").isTraining());
    assertTrue(model.train().isTraining() && model.get(1).isTraining());
    model.requiresGrad_(false);
    assertFalse(model.parameter("0.bias").requiresGrad());
    model.requiresGrad_(true);
    model.forward(Tensor.ones(1, 2)).sum().backward();
    assertTrue(model.parameter("0.weight").grad().isPresent());
    model.zeroGrad();
    assertFalse(model.parameter("0.weight").grad().isPresent());
  }

  @Test
  void to10ApplyVisitsChildrenFirst() {
    Sequential model = new Sequential(new Sequential(new Relu()), new Tanh());
    List<String> seen = new ArrayList<>();
    assertSame(model, model.apply(m -> seen.add(m.typeName())));
    assertEquals(List.of("Relu", "Sequential", "Tanh", "Sequential"), seen);
  }

  @Test
  void sd50HooksRunInOrderAndMayReplace() {
    Relu relu = new Relu();
    List<String> order = new ArrayList<>();
    relu.registerForwardPreHook((m, inputs) -> {
      order.add("pre1");
      assertSame(relu, m);
      return Optional.of(List.of(inputs.getFirst().add(1)));
    });
    relu.registerForwardPreHook((m, inputs) -> {
      order.add("pre2 " + inputs.getFirst().item());
      return Optional.empty();
    });
    relu.registerForwardHook((m, inputs, output) -> {
      order.add("post1 " + output.item());
      return Optional.of(output.mul(10));
    });
    HookHandle last =
        relu.registerForwardHook((m, inputs, output) -> {
          order.add("post2 " + inputs.getFirst().item());
          return Optional.empty();
        });
    assertEquals(30, relu.forward(Tensor.of(2.0)).item());
    assertEquals(List.of("pre1", "pre2 3.0", "post1 3.0", "post2 3.0"), order);
    last.remove();
    last.remove();
    order.clear();
    relu.forward(Tensor.of(2.0));
    assertEquals(3, order.size(), "rule SD-55");
  }

  @Test
  void theTreeIsPrinted() {
    Sequential model =
        new Sequential(new Linear(2, 3), new Sequential(new Relu(), new LeakyRelu(0.1)));
    assertEquals(
        """
        Sequential(
          (0): Linear(in=2, out=3)
          (1): Sequential(
            (0): Relu()
            (1): LeakyRelu(slope=0.1)
          )
        )\
        """,
        model.toString());
  }
}
