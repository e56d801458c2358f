package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.ShapeException;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What runs around the calls of modules, and around backward passes over them.
class ModuleHooksTest {
  private final List<String> order = new ArrayList<>();

  private ForwardPreHook pre(String name) {
    return (_, _) -> {
      order.add(name);
      return Optional.empty();
    };
  }

  private ForwardHook post(String name) {
    return (_, _, _) -> {
      order.add(name);
      return Optional.empty();
    };
  }

  @Test
  void sd50_sd55_hooksRunInOrderAndMayReplace() {
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
  void sd50_thoseOfTheScopeAreOutsideThoseOfTheModule() {
    Relu relu = new Relu();
    relu.registerForwardPreHook(pre("pre"));
    relu.registerForwardPreHook(pre("first pre"), HookOrder.FIRST);
    relu.registerForwardHook(post("post"));
    relu.registerForwardHook(post("first post"), HookOrder.FIRST);
    ModuleHooks hooks =
        ModuleHooks.builder().forwardPre(pre("scope pre")).forward(post("scope post")).build();
    ModuleHooks outer = ModuleHooks.builder().forwardPre(pre("outer pre")).build();
    outer.during(() -> hooks.during(() -> relu.forward(Tensor.ones(1))));
    assertEquals(
        List.of("outer pre", "scope pre", "first pre", "pre", "first post", "post", "scope post"),
        order);
    order.clear();
    relu.forward(Tensor.ones(1));
    assertEquals(List.of("first pre", "pre", "first post", "post"), order);
  }

  @Test
  void sd50_hooksOfTheScopeSeeEveryModuleAndMayReplace() {
    ModuleHooks doubling =
        ModuleHooks.builder().forward((_, _, output) -> Optional.of(output.mul(2))).build();
    Sequential model = new Sequential(new Relu(), new Identity());
    double doubled = doubling.during(() -> model.forward(Tensor.of(1.0))).item();
    assertEquals(8, doubled, "two layers and the whole");
    assertEquals(1, model.forward(Tensor.of(1.0)).item());
  }

  // ---- always

  @Test
  void sd51_alwaysHooksRunAlsoWhenForwardFails() {
    Linear layer = new Linear(2, 1);
    List<Optional<Tensor>> outputs = new ArrayList<>();
    layer.registerForwardHook(post("post"));
    layer.registerAlwaysHook((m, inputs, output) -> {
      assertSame(layer, m);
      assertEquals(1, inputs.size());
      outputs.add(output);
      order.add("always");
    });
    Tensor good = layer.forward(Tensor.ones(1, 2));
    assertSame(good, outputs.getFirst().orElseThrow());
    assertEquals(List.of("post", "always"), order);
    order.clear();
    assertThrows(ShapeException.class, () -> layer.forward(Tensor.ones(1, 3)));
    assertEquals(List.of("always"), order);
    assertTrue(outputs.getLast().isEmpty());
  }

  @Test
  void sd51_whatAlwaysHooksThrowDoesNotHideTheCause() {
    Relu relu = new Relu();
    relu.registerForwardHook((_, _, _) -> {
      throw new IllegalStateException("the cause");
    });
    relu.registerAlwaysHook((_, _, _) -> {
      order.add("first");
      throw new IllegalArgumentException("beside");
    });
    ModuleHooks outer = ModuleHooks.builder().always((_, _, _) -> order.add("second")).build();
    var error =
        assertThrows(
            IllegalStateException.class, () -> outer.during(() -> relu.forward(Tensor.ones(1))));
    assertEquals("the cause", error.getMessage());
    assertEquals("beside", error.getSuppressed()[0].getMessage());
    assertEquals(List.of("first", "second"), order);
  }

  @Test
  void sd51_afterACallThatSucceededTheirErrorsCount() {
    Relu relu = new Relu();
    relu.registerAlwaysHook((_, _, _) -> {
      throw new IllegalArgumentException("alone");
    });
    relu.registerAlwaysHook((_, _, _) -> order.add("later"));
    assertThrows(IllegalArgumentException.class, () -> relu.forward(Tensor.ones(1)));
    assertEquals(List.of("later"), order);
  }

  // ---- backward

  private static final class Product extends Module {
    Tensor forward(Tensor a, Tensor b) {
      return hooked(List.of(a, b), in -> in.get(0).mul(in.get(1)));
    }
  }

  private static Tensor learned(double value) {
    return Tensor.of(value).requiresGrad_(true);
  }

  @Test
  void sd53_hooksSeeGradientsOfInputsAndOutputs() {
    Product product = new Product();
    product.registerBackwardHook(
        (m, gradInputs, gradOutputs) -> {
          assertSame(product, m);
          assertEquals(2, gradInputs.size());
          assertEquals(15, gradInputs.get(0).orElseThrow().item());
          assertTrue(gradInputs.get(1).isEmpty(), "it does not require grad");
          assertEquals(5, gradOutputs.getFirst().item());
          order.add("post");
          return Optional.empty();
        },
        HookOrder.LAST);
    product.registerBackwardPreHook(
        (m, gradOutputs) -> {
          assertSame(product, m);
          assertEquals(5, gradOutputs.getFirst().item());
          order.add("pre");
          return Optional.empty();
        },
        HookOrder.LAST);
    Tensor a = learned(2);
    product.forward(a, Tensor.of(3.0)).mul(5).sum().backward();
    assertEquals(15, a.grad().orElseThrow().item());
    assertEquals(List.of("pre", "post"), order);
  }

  @Test
  void sd53_gradientsAreReplacedAndHooksRunInOrder() {
    Product product = new Product();
    HookHandle pre =
        product.registerBackwardPreHook(
            (_, out) -> Optional.of(List.of(out.getFirst().mul(10))), HookOrder.LAST);
    HookHandle post =
        product.registerBackwardHook(
            (_, in, out) -> {
              assertEquals(10, out.getFirst().item());
              return Optional.of(in.stream().map(g -> g.map(t -> t.add(1))).toList());
            },
            HookOrder.LAST);
    product.registerBackwardHook(
        (_, in, _) -> {
          order.add("first " + in.getFirst().orElseThrow().item());
          return Optional.empty();
        },
        HookOrder.FIRST);
    ModuleHooks scope =
        ModuleHooks.builder()
            .backwardPre((_, out) -> {
              order.add("scope pre " + out.getFirst().item());
              return Optional.empty();
            })
            .backward((_, in, _) -> {
              order.add("scope post " + in.getFirst().orElseThrow().item());
              return Optional.empty();
            })
            .build();
    Tensor a = learned(2);
    Tensor b = learned(3);
    Tensor result = scope.during(() -> product.forward(a, b));
    result.backward();
    assertEquals(31, a.grad().orElseThrow().item());
    assertEquals(21, b.grad().orElseThrow().item());
    assertEquals(List.of("scope pre 1.0", "scope post 30.0", "first 30.0"), order);
    pre.remove();
    post.remove();
    a.clearGrad();
    product.forward(a, b).backward();
    assertEquals(3, a.grad().orElseThrow().item());
  }

  @Test
  void sd53_replacementsHaveTheSameLengthAndShape() {
    Product product = new Product();
    HookHandle tooFew =
        product.registerBackwardHook((_, in, _) -> Optional.of(in.subList(0, 1)), HookOrder.LAST);
    var error =
        assertThrows(
            AutogradException.class, () -> product.forward(learned(1), learned(2)).backward());
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("invalid number") && message.contains("Product"), message);
    assertTrue(message.contains("got 1, expected 2"), message);
    tooFew.remove();
    HookHandle none =
        product.registerBackwardPreHook((_, _) -> Optional.of(List.of()), HookOrder.LAST);
    assertThrows(AutogradException.class, () -> product.forward(learned(1), learned(2)).backward());
    none.remove();
    product.registerBackwardPreHook(
        (_, _) -> Optional.of(List.of(Tensor.ones(1, 7))), HookOrder.LAST);
    assertThrows(ShapeException.class, () -> product.forward(learned(1), learned(2)).backward());
  }

  @Test
  void sd53_whereNoInputRequiresGradHooksSeeTheOutputs() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    HookHandle watching =
        layer.registerBackwardHook(
            (_, in, out) -> {
              assertEquals(List.of(Optional.empty()), in);
              assertEquals(1, out.getFirst().item());
              order.add("seen");
              return Optional.empty();
            },
            HookOrder.LAST);
    layer.forward(Tensor.of(new double[] {4}, 1, 1)).backward();
    assertEquals(List.of("seen"), order);
    assertEquals(4, layer.weight().grad().orElseThrow().item());
    watching.remove();
    layer.registerBackwardHook(
        (_, _, out) -> Optional.of(List.of(Optional.of(out.getFirst()))), HookOrder.LAST);
    assertThrows(AutogradException.class, () -> layer.forward(Tensor.ones(1, 1)).backward());
  }

  @Test
  void sd53_hooksDoNotChangeWhatIsComputed() {
    Sequential model = new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 1));
    Tensor x = Tensor.randn(5, 3).requiresGrad_(true);
    model.forward(x).sum().backward();
    double[] weight = model.parameter("0.weight").grad().orElseThrow().toDoubleArray();
    double[] input = x.grad().orElseThrow().toDoubleArray();
    model.zeroGrad();
    x.clearGrad();
    ModuleHooks all =
        ModuleHooks.builder()
            .backward((m, _, _) -> {
              order.add(m.typeName());
              return Optional.empty();
            })
            .build();
    Scope.memory(() -> all.during(() -> model.forward(x)).sum().backward());
    assertEquals(List.of("Linear", "Tanh", "Linear", "Sequential"), order);
    assertArrayEquals(weight, model.parameter("0.weight").grad().orElseThrow().toDoubleArray());
    assertArrayEquals(input, x.grad().orElseThrow().toDoubleArray());
  }

  @Test
  void sd53_withoutRecordingNothingIsWatched() {
    Identity identity = new Identity();
    identity.registerBackwardHook((_, _, _) -> Optional.empty(), HookOrder.LAST);
    Tensor x = Tensor.ones(1);
    assertSame(x, identity.forward(x));
    Tensor learned = learned(1);
    assertSame(learned, Scope.noGrad(() -> identity.forward(learned)));
  }

  @Test
  void sd54_watchedTensorsAreNotWrittenInPlace() {
    Identity identity = new Identity();
    HookHandle handle =
        identity.registerBackwardHook((_, _, _) -> Optional.empty(), HookOrder.LAST);
    Tensor x = Tensor.ones(3).requiresGrad_(true);
    Tensor output = identity.forward(x.mul(1));
    var error = assertThrows(AutogradException.class, () -> output.add_(1));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("backward hooks") && message.contains("clone"), message);
    assertThrows(AutogradException.class, () -> output.select(0, 1).mul_(2), "a view of it");
    assertArrayEquals(new double[] {1, 1, 1}, output.toDoubleArray());
    output.clone().add_(1).sum().backward();
    assertArrayEquals(new double[] {1, 1, 1}, x.grad().orElseThrow().toDoubleArray());
    handle.remove();
    assertEquals(2, identity.forward(x.mul(1)).add_(1).sum().div(3).item());
  }

  @Test
  void sd54_aModuleDoesNotWriteIntoWatchedInputs() {
    final class Writing extends Layer {
      @Override
      protected Tensor compute(Tensor input) {
        return input.mul_(2);
      }
    }
    Writing writing = new Writing();
    Tensor x = learned(1);
    assertEquals(2, writing.forward(x.mul(1)).item());
    writing.registerBackwardHook((_, _, _) -> Optional.empty(), HookOrder.LAST);
    assertThrows(AutogradException.class, () -> writing.forward(x.mul(1)));
  }

  // ---- handles

  @Test
  void sd55_hooksAreRemovedWhileCallsRun() {
    Relu relu = new Relu();
    List<HookHandle> handles = new ArrayList<>();
    handles.add(
        relu.registerForwardHook((_, _, _) -> {
          order.add("once");
          handles.getFirst().remove();
          handles.getFirst().remove();
          return Optional.empty();
        }));
    relu.registerForwardHook(post("stays"));
    relu.forward(Tensor.ones(1));
    relu.forward(Tensor.ones(1));
    assertEquals(List.of("once", "stays", "stays"), order);
  }

  @Test
  void sd55_aHookRegisteredTwiceIsRemovedOnce() {
    Relu relu = new Relu();
    ForwardHook twice = post("twice");
    relu.registerForwardHook(twice);
    HookHandle second = relu.registerForwardHook(twice);
    second.remove();
    second.remove();
    relu.forward(Tensor.ones(1));
    assertEquals(List.of("twice"), order);
  }
}
