package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  void sd2_sd5_theSameNameIsOverriddenWhereItStands() {
    Bag bag = new Bag();
    Parameter first = bag.add("p", one());
    Parameter second = bag.add("p", one());
    assertNotSame(first, second);
    assertSame(second, bag.parameter("p"));
    assertEquals(1, bag.parameters().size());
    bag.add("q", one());
    bag.add("p", first);
    assertEquals(List.of(first, bag.parameter("q")), bag.parameters());
  }

  @Test
  void sd6_modulesHaveNamesAndAreReplacedByName() {
    Bag bag = new Bag();
    bag.add("m", new Bag());
    Bag second = bag.add("m", new Bag());
    assertSame(second, bag.module("m"));
    assertEquals(1, bag.children().size());
    refused(() -> bag.add("", new Bag()), "''");
    refused(() -> bag.add("m.n", new Bag()), "dot");
    bag.add("p", one());
    refused(() -> bag.add("p", new Bag()), "already");
    assertThrows(UnsupportedOperationException.class, () -> bag.children().clear());
  }

  private static final class Holder extends Module {
    final Parameter weight = parameter("weight", one());
    final Buffer mean = buffer("mean", ModuleTest.buffer(), Persistence.PERSISTENT);
    final Identity child = module("child", new Identity());
  }

  @Test
  void sd9_registrationHooksMayReplaceWithinTheirScope() {
    Parameter weight = one();
    Buffer mean = buffer();
    Identity child = new Identity();
    List<String> seen = new ArrayList<>();
    ModuleHooks hooks =
        ModuleHooks.builder()
            .parameter((module, name, p) -> {
              seen.add(module.typeName() + " " + name);
              return Optional.of(weight);
            })
            .buffer((_, name, b) -> {
              seen.add(name);
              return Optional.of(mean);
            })
            .module((_, name, m) -> {
              seen.add(name);
              return Optional.of(child);
            })
            .build();
    Holder holder = hooks.during(Holder::new);
    assertEquals(List.of("Holder weight", "mean", "child"), seen);
    assertSame(weight, holder.weight);
    assertSame(weight, holder.parameter("weight"));
    assertSame(mean, holder.mean);
    assertSame(mean, holder.buffer("mean"));
    assertSame(child, holder.child);
    assertSame(child, holder.module("child"));
    new Holder();
    assertEquals(3, seen.size(), "outside of the scope nothing is hooked");
  }

  @Test
  void sd9_scopesNestAndLaterHooksSeeWhatEarlierOnesPut() {
    Parameter first = one();
    Parameter second = one();
    List<Parameter> seen = new ArrayList<>();
    ModuleHooks outer =
        ModuleHooks.builder()
            .parameter((_, _, p) -> {
              seen.add(p);
              return Optional.of(first);
            })
            .build();
    ModuleHooks inner =
        ModuleHooks.builder()
            .parameter((_, _, p) -> {
              seen.add(p);
              return Optional.of(second);
            })
            .build();
    Holder holder = outer.during(() -> inner.during(Holder::new));
    assertSame(first, seen.get(1));
    assertSame(second, holder.weight);
  }

  @Test
  void sd9_containersUseWhatHooksPut() {
    ModuleHooks quiet =
        ModuleHooks.builder()
            .module((_, _, m) ->
                m instanceof LeakyRelu ? Optional.of(new LeakyRelu(0.25)) : Optional.empty())
            .build();
    Sequential model = quiet.during(() -> new Sequential(new LeakyRelu(0.5)));
    assertEquals(-0.25, model.forward(Tensor.of(-1.0)).item());
    assertSame(model.get(0), model.module("0"));
    ModuleList<LeakyRelu> list = quiet.during(() -> new ModuleList<>(List.of(new LeakyRelu(0.5))));
    assertSame(list.get(0), list.module("0"));
    var dict = quiet.during(() -> new ModuleDict<>(Map.of("a", new LeakyRelu(0.5))));
    assertSame(dict.get("a").orElseThrow(), dict.module("a"));
  }

  @Test
  void sd9_aModuleIsReplacedByOneOfItsClassOnly() {
    ModuleHooks wrong = ModuleHooks.builder().module((_, _, _) -> Optional.of(new Relu())).build();
    Bag bag = new Bag();
    refused(() -> wrong.during(() -> bag.add("m", new Tanh())), "same class");
    assertTrue(bag.children().isEmpty());
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
    error = assertThrows(IllegalStateException.class, () -> root.buffer("left.w"));
    assertTrue(String.valueOf(error.getMessage()).contains("Bag has no buffer 'w'"));
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
    assertSame(model, model.requiresGrad_(false));
    assertTrue(model.parameters().stream().noneMatch(Tensor::requiresGrad));
    model.requiresGrad_(true);
    assertTrue(model.parameters().stream().allMatch(Tensor::requiresGrad));
    model.forward(Tensor.ones(1, 2)).sum().backward();
    assertTrue(model.parameter("0.weight").grad().isPresent());
    model.zeroGrad();
    assertTrue(model.parameters().stream().allMatch(p -> p.grad().isEmpty()), "not zeros: none");
  }

  @Test
  void to10ApplyVisitsChildrenFirst() {
    Sequential model = new Sequential(new Sequential(new Relu()), new Tanh());
    List<String> seen = new ArrayList<>();
    assertSame(model, model.apply(m -> seen.add(m.typeName())));
    assertEquals(List.of("Relu", "Sequential", "Tanh", "Sequential"), seen);
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
