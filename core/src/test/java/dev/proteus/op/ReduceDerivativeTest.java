package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Gradients of folds, and those of their gradients.
final class ReduceDerivativeTest {
  private static final Expr X = Exprs.input(0, DType.FLOAT64);
  private static final Expr Y = Exprs.input(1, DType.FLOAT64);
  private static final double[] SIX = {0.7, -1.2, 2.1, 0.4, -0.9, 1.6};

  private static Tensor fold(Reduce.Kind kind, Expr expr, List<Integer> axes, List<Tensor> inputs) {
    return inputs.getFirst().call(new Reduce(kind, expr, axes), inputs);
  }

  private static void check(Reduce.Kind kind, double[] x, List<Integer> axes, long... sizes) {
    new GradientCheck(in -> fold(kind, X, axes, in)).with(x, sizes).check();
  }

  @Test
  void sums() {
    check(Reduce.Kind.SUM, SIX, List.of(1), 2, 3);
    check(Reduce.Kind.SUM, SIX, List.of(0, 1), 2, 3);
    check(Reduce.Kind.SUM, SIX, List.of(), 2, 3);
  }

  @Test
  void sumsOfExpressions() {
    new GradientCheck(in -> fold(Reduce.Kind.SUM, Exprs.exp(Exprs.mul(X, X)), List.of(0), in))
        .with(SIX, 3, 2)
        .check();
    new GradientCheck(in -> fold(Reduce.Kind.SUM, Exprs.mul(X, Exprs.sin(Y)), List.of(1), in))
        .with(SIX, 2, 3, 1)
        .with(SIX, 1, 3, 2)
        .check();
  }

  /// An operand that is not read by another's gradient still decides how often that counts.
  @Test
  void sumsOfBroadcastOperands() {
    Expr sum = Exprs.add(X, Exprs.mul(Y, Y));
    new GradientCheck(in -> fold(Reduce.Kind.SUM, sum, List.of(0), in))
        .with(SIX, 2, 3)
        .with(new double[] {0.4, -0.3, 1.1}, 3)
        .check();
    new GradientCheck(in -> fold(Reduce.Kind.SUM, sum, List.of(0), in))
        .with(new double[] {0.4}, 1, 1)
        .with(SIX, 2, 3)
        .check();
  }

  @Test
  void products() {
    check(Reduce.Kind.PROD, SIX, List.of(1), 2, 3);
    check(Reduce.Kind.PROD, SIX, List.of(0, 1), 2, 3);
    check(Reduce.Kind.PROD, SIX, List.of(0), 6);
    check(Reduce.Kind.PROD, SIX, List.of(0), 1, 6);
    new GradientCheck(in -> fold(Reduce.Kind.PROD, Exprs.add(X, Y), List.of(0, 2), in))
        .with(SIX, 3, 1, 2)
        .with(new double[] {1.3, -0.2}, 2, 1)
        .check();
  }

  @Test
  void productsWithZeros() {
    check(Reduce.Kind.PROD, new double[] {0.7, 0, 2.1, 0.4, -0.9}, List.of(0), 5);
    check(Reduce.Kind.PROD, new double[] {0.7, 0, 2.1, 0, -0.9}, List.of(0), 5);
    check(Reduce.Kind.PROD, new double[] {0, 0, 0}, List.of(0), 3);
    check(Reduce.Kind.PROD, new double[] {0}, List.of(0), 1);
  }

  @Test
  void extremes() {
    for (Reduce.Kind kind : List.of(Reduce.Kind.MAX, Reduce.Kind.MIN)) {
      check(kind, SIX, List.of(1), 2, 3);
      check(kind, SIX, List.of(0, 1), 2, 3);
      new GradientCheck(in -> fold(kind, Exprs.mul(X, Y), List.of(0), in))
          .with(SIX, 2, 3)
          .with(new double[] {1.3, -0.2, 0.6}, 3)
          .check();
    }
  }

  private static double[] gradientOf(Reduce.Kind kind, double... x) {
    return GradientCheck.inFloat64(() -> {
      Tensor leaf = Tensor.of(x, x.length).requiresGrad_(true);
      fold(kind, X, List.of(0), List.of(leaf)).backward(Tensor.of(new double[] {6}, 1));
      return leaf.grad().orElseThrow().toDoubleArray();
    });
  }

  /// Section 7.5.
  @Test
  void tiesOfExtremesShareEvenly() {
    assertArrayEquals(new double[] {0, 3, 3}, gradientOf(Reduce.Kind.MAX, 1, 5, 5));
    assertArrayEquals(new double[] {2, 2, 2}, gradientOf(Reduce.Kind.MIN, 5, 5, 5));
    double nan = Double.NaN;
    assertArrayEquals(new double[] {0, 3, 3}, gradientOf(Reduce.Kind.MAX, 1, nan, nan));
  }

  @Test
  void theProductOfOthersIsExactNextToZeros() {
    assertArrayEquals(new double[] {0, 72, 0}, gradientOf(Reduce.Kind.PROD, 3, 0, 4));
    assertArrayEquals(new double[] {0, 0, 0}, gradientOf(Reduce.Kind.PROD, 0, 0, 4));
  }

  /// A matrix product folds products of expanded operands; its gradients must not store them.
  @Test
  void gradientsOfSumsOfProductsNeedNoTemporary() {
    List<Op> ops = new ArrayList<>();
    GradientCheck.inFloat64(() -> {
      Tensor a = Tensor.of(SIX, 2, 3, 1).requiresGrad_(true);
      Tensor b = Tensor.of(SIX, 1, 3, 2).requiresGrad_(true);
      Tensor product = fold(Reduce.Kind.SUM, Exprs.mul(X, Y), List.of(1), List.of(a, b));
      Tensor grad = Tensor.ones(2, 1, 2);
      return Scope.with(
          call -> {
            ops.add(call.op());
            return call.proceed();
          },
          () ->
              Tensor.grad(List.of(product), List.of(a, b), List.of(grad), BackwardOptions.DEFAULT));
    });
    assertEquals(2, ops.stream().filter(op -> op instanceof Reduce).count());
    assertFalse(ops.stream().anyMatch(op -> op instanceof Map));
  }

  @Test
  void onlyWhatIsReadIsSaved() {
    TensorSpec spec = new TensorSpec(Shape.of(2), DType.FLOAT64, ReferenceProvider.DEVICE);
    List<TensorSpec> one = List.of(spec);
    List<TensorSpec> two = List.of(spec, spec);
    List<Integer> axes = List.of(0);
    assertEquals(Saved.NONE, new Reduce(Reduce.Kind.SUM, X, axes).saved(one));
    assertEquals(Saved.inputs(0, 1), new Reduce(Reduce.Kind.SUM, Exprs.mul(X, Y), axes).saved(two));
    assertEquals(Saved.inputs(0), new Reduce(Reduce.Kind.PROD, X, axes).saved(one));
    assertEquals(Saved.inputs(0).withOutputs(), new Reduce(Reduce.Kind.MAX, X, axes).saved(one));
  }
}
