package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.StaleGraphException;
import dev.proteus.op.Backward;
import dev.proteus.op.Composite;
import dev.proteus.op.Differentiable;
import dev.proteus.op.Expect;
import dev.proteus.op.GradientCheck;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Operators with a derivative of their own, as users write them.
class CustomOperatorTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad_(true);
  }

  private static double[] grad(Tensor tensor) {
    return tensor.grad().orElseThrow().toDoubleArray();
  }

  /// Rounds, and lets the gradient through as if it had not.
  private record StraightRound() implements Composite, Differentiable {
    @Override
    public String name() {
      return "straightRound";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
      return List.of(inputs.getFirst().round());
    }

    @Override
    public Saved saved(List<TensorSpec> inputs) {
      return Saved.NONE;
    }

    @Override
    public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
      return Collections.singletonList(g.grad());
    }
  }

  /// The third power; what it saves is said, rightly or not.
  private record Cube(Saved kept) implements Composite, Differentiable {
    @Override
    public String name() {
      return "cube";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
      T x = inputs.getFirst();
      return List.of(x.mul(x).mul(x));
    }

    @Override
    public Saved saved(List<TensorSpec> inputs) {
      return kept;
    }

    @Override
    public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
      return Collections.singletonList(g.input(0).square().mul(3).mul(g.grad()));
    }
  }

  /// Size and sign of a tensor; the sign is constant wherever it has a derivative.
  private record Polar() implements Composite, Differentiable {
    @Override
    public String name() {
      return "polar";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return List.of(inputs.getFirst(), inputs.getFirst());
    }

    @Override
    public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
      return List.of(inputs.getFirst().abs(), inputs.getFirst().sign());
    }

    @Override
    public boolean hasGradient(int index) {
      return index == 0;
    }

    @Override
    public Saved saved(List<TensorSpec> inputs) {
      return Saved.OUTPUTS;
    }

    @Override
    public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
      return Collections.singletonList(g.grad(0).mul(g.output(1)));
    }
  }

  /// `a` times `b`, twice: once negated. Tells what it is asked for.
  private record Products(List<String> seen) implements Composite, Differentiable {
    @Override
    public String name() {
      return "products";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
      T product = inputs.get(0).mul(inputs.get(1));
      return List.of(product, product.neg());
    }

    @Override
    public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
      seen.add(g.needs(0) + " " + g.needs(1));
      T all = g.grad(0).sub(g.grad(1));
      List<@Nullable T> grads = new ArrayList<>();
      grads.add(g.needs(0) ? all.mul(g.input(1)) : null);
      grads.add(g.needs(1) ? all.mul(g.input(0)) : null);
      return grads;
    }
  }

  /// The sum of two tensors, whose derivative gives wrong answers.
  private record WrongSum(Answer answer) implements Composite, Differentiable {
    enum Answer {
      ONE,
      LONG
    }

    @Override
    public String name() {
      return "wrongSum";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return List.of(inputs.getFirst());
    }

    @Override
    public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
      return List.of(inputs.get(0).add(inputs.get(1)));
    }

    @Override
    public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
      return switch (answer) {
        case ONE -> List.of(g.grad());
        case LONG -> List.of(g.grad(), g.grad().repeat(2));
      };
    }
  }

  @Test
  @DisplayName("AG-18 a user's operator has the derivative that its author gives it")
  void ownDerivative() {
    Tensor x = leaf(1.4, 2.6);
    Tensor y = x.apply(new StraightRound(), List.of(x)).getFirst();
    assertArrayEquals(new double[] {1, 3}, y.toDoubleArray());
    y.mul(y).sum().backward();
    assertArrayEquals(new double[] {2, 6}, grad(x));
  }

  @Test
  @DisplayName("AG-18 it can be differentiated twice, for its derivative is written with operators")
  void secondDerivative() {
    Cube cube = new Cube(Saved.inputs(0));
    new GradientCheck(x -> x.getFirst().apply(cube, x).getFirst())
        .with(new double[] {0.5, -2, 3}, 3)
        .check();
  }

  @Test
  @DisplayName(
      "AG-18 what it saves is watched for writes, and what it does not save cannot be read")
  void savedTensors() {
    Tensor x = leaf(2).mul(1.0);
    Tensor y = x.apply(new Cube(Saved.inputs(0)), List.of(x)).getFirst();
    x.add_(1.0);
    assertThrows(StaleGraphException.class, y::backward);
    Tensor other = leaf(2);
    Tensor z = other.apply(new Cube(Saved.NONE), List.of(other)).getFirst();
    Expect.error(IllegalStateException.class, z::backward, "cube", "operand 0", "saved()");
  }

  @Test
  @DisplayName(
      "AG-18 a result without a gradient takes no part in the graph, also when it is saved")
  void resultsWithoutGradients() {
    Tensor x = leaf(-3, 4);
    List<Tensor> polar = x.apply(new Polar(), List.of(x));
    assertTrue(polar.get(0).requiresGrad());
    assertFalse(polar.get(1).requiresGrad());
    assertTrue(polar.get(1).isLeaf());
    polar.get(0).mul(polar.get(1)).sum().backward();
    assertArrayEquals(new double[] {1, 1}, grad(x));
  }

  @Test
  @DisplayName(
      "AG-18 results that nothing depends on have zeros for gradients, operands may go without")
  void gradientsOfSomeResults() {
    Tensor a = leaf(2);
    Tensor b = Tensor.of(5.0);
    List<String> seen = new ArrayList<>();
    Products products = new Products(seen);
    a.apply(products, List.of(a, b)).get(1).backward();
    assertEquals(List.of("true false"), seen);
    assertArrayEquals(new double[] {-5}, grad(a));
  }

  @Test
  @DisplayName("AG-18 as many gradients as operands must come, each in its operand's shape")
  void wrongGradients() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3, 4);
    Tensor few = a.apply(new WrongSum(WrongSum.Answer.ONE), List.of(a, b)).getFirst();
    Expect.error(
        AutogradException.class,
        () -> few.sum().backward(),
        "wrongSum",
        "1 gradients",
        "2 operands");
    Tensor large = a.apply(new WrongSum(WrongSum.Answer.LONG), List.of(a, b)).getFirst();
    Expect.error(
        ShapeException.class, () -> large.sum().backward(), "wrongSum", "index 1", "[4]", "[2]");
  }

  @Test
  @DisplayName("AG-18 it may be written into an operand, whose history it becomes")
  void inPlace() {
    Tensor x = leaf(2);
    Tensor y = x.mul(3.0);
    assertSame(y, y.applyInPlace(new Cube(Saved.inputs(0)), List.of(y)));
    assertEquals(216, y.item());
    y.backward();
    assertArrayEquals(new double[] {3 * 3 * 36}, grad(x));
  }
}
