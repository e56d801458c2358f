package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.StaleGraphException;
import dev.proteus.tensor.BackwardOptions.Graph;
import dev.proteus.tensor.BackwardOptions.Unused;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Automatic differentiation on the reference backend.
class AutogradTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad_(true);
  }

  private static double[] grad(Tensor tensor) {
    return tensor.grad().orElseThrow().toDoubleArray();
  }

  @Test
  @DisplayName("AG-10 the gradient of a one-element result is implicit")
  void implicitGradient() {
    Tensor x = leaf(1, 2, 3);
    x.mul(x).sum().backward();
    assertArrayEquals(new double[] {2, 4, 6}, grad(x));
  }

  @Test
  @DisplayName("AG-10 more elements need a gradient of the same shape, and a graph")
  void gradientArguments() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(x);
    assertThrows(AutogradException.class, y::backward);
    assertThrows(ShapeException.class, () -> y.backward(Tensor.ones(3)));
    assertThrows(AutogradException.class, () -> Tensor.ones(1).backward());
    y.backward(Tensor.of(1.0, 10.0));
    assertArrayEquals(new double[] {2, 40}, grad(x));
  }

  @Test
  @DisplayName(
      "AG-1, AG-3 results are leaves where nothing requires grad or the type has no gradients")
  void leaves() {
    Tensor x = leaf(1, 2);
    assertTrue(x.isLeaf());
    assertFalse(x.mul(x).isLeaf());
    assertTrue(x.detach().mul(x.detach()).isLeaf());
    assertFalse(x.eq(x).requiresGrad());
    assertFalse(x.to(DType.INT64).requiresGrad());
    assertTrue(Scope.noGrad(() -> x.mul(x)).isLeaf());
  }

  @Test
  @DisplayName("AG-2 only floating leaves can require grad, only leaves can cease to")
  void requiresGradRules() {
    assertThrows(DTypeException.class, () -> Tensor.of(1L, 2L).requiresGrad_(true));
    Tensor y = leaf(1).mul(leaf(2));
    assertThrows(AutogradException.class, () -> y.requiresGrad_(false));
  }

  @Test
  @DisplayName("AG-24 a view made without recording cannot be written into a recorded base")
  void writesThroughUnrecordedViews() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2.0);
    Tensor view = Scope.noGrad(() -> y.narrow(0, 0, 1));
    assertThrows(AutogradException.class, () -> view.mul_(3.0));
    assertArrayEquals(new double[] {2, 4}, y.toDoubleArray());
    Scope.noGrad(() -> view.mul_(3.0));
    assertArrayEquals(new double[] {6, 4}, y.toDoubleArray());
  }

  @Test
  @DisplayName("AG-24 beyond PyTorch, pieces of a split are written like any view")
  void writesIntoPieces() {
    Tensor x = leaf(1, 2, 3, 4);
    Tensor y = x.mul(1.0);
    y.split(2, 0).getFirst().mul_(10.0);
    y.unbind(0).getLast().mul_(100.0);
    y.sum().backward();
    assertArrayEquals(new double[] {10, 10, 1, 100}, grad(x));
  }

  @Test
  @DisplayName("AG-26 a write without recording leaves the history of a result as it was")
  void unrecordedWrites() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2.0);
    Scope.noGrad(() -> y.add_(5.0));
    assertFalse(y.isLeaf());
    y.sum().backward();
    assertArrayEquals(new double[] {2, 2}, grad(x));
  }

  @Test
  @DisplayName("AG-8 a parameter made without recording requires grad")
  void parametersWithoutRecording() {
    assertTrue(Scope.noGrad(() -> Parameter.of(Tensor.ones(2))).requiresGrad());
  }

  @Test
  @DisplayName("AG-11 a second backward needs a retained graph, unless nothing was saved")
  void secondBackward() {
    Tensor x = leaf(3);
    Tensor y = x.mul(x);
    y.backward(BackwardOptions.DEFAULT.withGraph(Graph.RETAIN));
    y.backward();
    assertArrayEquals(new double[] {12}, grad(x));
    assertThrows(AutogradException.class, y::backward);
    Tensor z = x.add(x);
    z.backward();
    z.backward();
    assertArrayEquals(new double[] {16}, grad(x));
  }

  @Test
  @DisplayName("AG-12 later gradients are added into the same grad object")
  void accumulation() {
    Tensor x = leaf(1, 2);
    x.mul(x).sum().backward();
    Tensor first = x.grad().orElseThrow();
    x.mul(x).sum().backward();
    assertSame(first, x.grad().orElseThrow());
    assertArrayEquals(new double[] {4, 8}, grad(x));
  }

  @Test
  @DisplayName("AG-12 with a created graph the sum is a new object")
  void accumulationOfCreatedGraphs() {
    Tensor x = leaf(2);
    BackwardOptions create = BackwardOptions.DEFAULT.withGraph(Graph.CREATE);
    x.mul(x).backward(create);
    Tensor first = x.grad().orElseThrow();
    x.mul(x).backward(create);
    assertNotSame(first, x.grad().orElseThrow());
    assertTrue(x.grad().orElseThrow().requiresGrad());
  }

  @Test
  @DisplayName("AG-13 gradients of broadcast operands are summed and cast to their type")
  void broadcastGradients() {
    Tensor row = leaf(1, 2);
    Tensor column = Tensor.of(new double[] {1, 2, 3}, 3, 1).requiresGrad_(true);
    row.mul(column).sum().backward();
    assertArrayEquals(new double[] {6, 6}, grad(row));
    assertArrayEquals(new double[] {3, 3, 3}, grad(column));
    Tensor wide = leaf(2).detach().to(DType.FLOAT64).requiresGrad_(true);
    leaf(1, 2).mul(wide).sum().backward();
    assertEquals(DType.FLOAT64, wide.grad().orElseThrow().dtype());
  }

  @Test
  @DisplayName("AG-14 grad returns gradients and touches none")
  void gradFunction() {
    Tensor x = leaf(3);
    Tensor y = leaf(4);
    Tensor unused = leaf(5);
    Tensor z = x.mul(y);
    List<Tensor> grads =
        Tensor.grad(
            List.of(z), List.of(x, z), List.of(), BackwardOptions.DEFAULT.withGraph(Graph.RETAIN));
    assertEquals(4, grads.get(0).item());
    assertEquals(1, grads.get(1).item());
    assertEquals(Optional.empty(), x.grad());
    assertThrows(AutogradException.class, () -> Tensor.grad(x.mul(y), List.of(unused)));
    List<Tensor> zeros =
        Tensor.grad(
            List.of(z),
            List.of(unused),
            List.of(),
            BackwardOptions.DEFAULT.withUnused(Unused.ZEROS));
    assertEquals(0, zeros.getFirst().item());
  }

  @Test
  @DisplayName("AG-14 backward with inputs accumulates only there")
  void backwardInputs() {
    Tensor x = leaf(3);
    Tensor y = leaf(4);
    x.mul(y).backward(BackwardOptions.DEFAULT.withInputs(List.of(x)));
    assertArrayEquals(new double[] {4}, grad(x));
    assertEquals(Optional.empty(), y.grad());
  }

  @Test
  @DisplayName(
      "AG-15 a created graph is differentiated again: the second derivative of x³ at 3 is 18")
  void doubleBackward() {
    Tensor x = leaf(3);
    Tensor y = x.mul(x).mul(x);
    Tensor first =
        Tensor.grad(
                List.of(y), List.of(x), List.of(), BackwardOptions.DEFAULT.withGraph(Graph.CREATE))
            .getFirst();
    assertEquals(27, first.item());
    assertEquals(18, Tensor.grad(first, List.of(x)).getFirst().item());
  }

  @Test
  @DisplayName("AG-16 a graph of 100,000 calls is walked without recursion")
  void deepGraph() {
    Tensor x = leaf(1);
    Tensor y = x;
    for (int i = 0; i < 100_000; i++) {
      y = y.add(x);
    }
    y.backward();
    assertEquals(100_001, grad(x)[0]);
  }

  @Test
  @DisplayName("AG-20, AG-21 a saved tensor written in place is noticed; others may change")
  void versions() {
    Tensor x = leaf(2, 3);
    Tensor y = x.add(1);
    Tensor z = y.mul(y);
    y.add_(Tensor.ones(2));
    assertEquals(1, y.version());
    assertThrows(StaleGraphException.class, () -> z.sum().backward());
    Tensor a = leaf(2).add(1);
    Tensor b = a.add(1);
    a.detach().zero_();
    assertEquals(1, a.version());
    b.backward();
  }

  @Test
  @DisplayName("AG-22 a leaf that requires grad is not written in place while recording")
  void leafInPlace() {
    Tensor x = leaf(1, 2);
    assertThrows(AutogradException.class, () -> x.add_(Tensor.ones(2)));
    assertThrows(AutogradException.class, () -> x.narrow(0, 0, 1).zero_());
    Scope.noGrad(() -> x.add_(Tensor.ones(2)));
    assertArrayEquals(new double[] {2, 3}, x.toDoubleArray());
    assertTrue(x.isLeaf());
    assertEquals(1, x.version());
  }

  @Test
  @DisplayName("AG-23 a write through a view is a part of the base's history")
  void viewInPlace() {
    Tensor x = leaf(1, 2, 3);
    Tensor factor = leaf(10);
    Tensor base = x.mul(2);
    Tensor view = base.narrow(0, 1, 1);
    view.mul_(factor);
    assertArrayEquals(new double[] {2, 40, 6}, base.toDoubleArray());
    base.sum().backward();
    assertArrayEquals(new double[] {2, 20, 2}, grad(x));
    assertArrayEquals(new double[] {4}, grad(factor));
  }

  @Test
  @DisplayName(
      "AG-23 views follow their base when it is written, and a plain base begins to require grad")
  void baseInPlace() {
    Tensor base = Tensor.zeros(3);
    Tensor view = base.narrow(0, 1, 1);
    assertFalse(view.requiresGrad());
    Tensor source = leaf(5, 6, 7);
    base.copy_(source);
    assertTrue(base.requiresGrad());
    assertTrue(view.requiresGrad());
    view.mul(3).sum().backward();
    assertArrayEquals(new double[] {0, 3, 0}, grad(source));
    Tensor plain = Tensor.zeros(2);
    plain.narrow(0, 0, 1).copy_(leaf(1));
    assertTrue(plain.requiresGrad());
  }

  @Test
  @DisplayName("AG-40 hooks see gradients in order, may replace them, and come off once")
  void hooks() {
    Tensor x = leaf(1, 2);
    List<String> order = new ArrayList<>();
    HookHandle first =
        x.registerHook(g -> {
          order.add("first");
          return Optional.of(g.mul(2));
        });
    x.registerHook(g -> {
      order.add("second");
      return Optional.empty();
    });
    x.sum().backward();
    assertArrayEquals(new double[] {2, 2}, grad(x));
    assertEquals(List.of("first", "second"), order);
    first.remove();
    first.remove();
    x.sum().backward();
    assertArrayEquals(new double[] {3, 3}, grad(x));
    assertThrows(AutogradException.class, () -> Tensor.ones(1).registerHook(g -> Optional.empty()));
    x.registerHook(g -> Optional.of(Tensor.ones(3)));
    assertThrows(ShapeException.class, () -> x.sum().backward());
  }

  @Test
  @DisplayName("AG-4, AG-40 a non-leaf's gradient is seen by hooks and kept on request")
  void nonLeafGradients() {
    Tensor x = leaf(2);
    Tensor y = x.mul(x);
    y.retainGrad();
    y.registerHook(g -> Optional.of(g.mul(10)));
    y.mul(3).backward();
    assertArrayEquals(new double[] {30}, grad(y));
    assertArrayEquals(new double[] {120}, grad(x));
  }

  @Test
  @DisplayName("AG-41 a post-accumulate hook sees the leaf with its gradient")
  void postAccumulateHook() {
    Tensor x = leaf(2);
    List<Double> seen = new ArrayList<>();
    HookHandle handle =
        x.registerPostAccumulateHook(leaf -> {
          assertSame(x, leaf);
          seen.add(leaf.grad().orElseThrow().item());
        });
    x.mul(x).backward();
    handle.remove();
    x.mul(x).backward();
    assertEquals(List.of(4.0), seen);
  }

  @Test
  @DisplayName("AG-5 a gradient is assigned only with the tensor's shape and type")
  void assignedGradients() {
    Tensor x = leaf(1, 2);
    assertThrows(ShapeException.class, () -> x.setGrad(Tensor.ones(3)));
    assertThrows(DTypeException.class, () -> x.setGrad(Tensor.ones(Shape.of(2), DType.FLOAT64)));
    x.setGrad(Tensor.of(5.0, 6.0));
    x.sum().backward();
    assertArrayEquals(new double[] {6, 7}, grad(x));
    x.clearGrad();
    assertEquals(Optional.empty(), x.grad());
  }

  @Test
  @DisplayName("AG-12 one gradient that reaches two leaves is not shared between them")
  void gradientsAreNotShared() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    x.add(y).sum().backward();
    x.grad().orElseThrow().zero_();
    assertArrayEquals(new double[] {1, 1}, grad(y));
  }
}
