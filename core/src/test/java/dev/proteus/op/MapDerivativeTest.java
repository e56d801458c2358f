package dev.proteus.op;

import static dev.proteus.type.DType.BOOL;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What gradients of maps read, which kernels they run, and what they give.
final class MapDerivativeTest {
  private static final Saved RESULT = Saved.NONE.withOutputs();

  private static Saved saved(Pointwise op, DType... operands) {
    List<TensorSpec> specs = Arrays.stream(operands).map(MapDerivativeTest::spec).toList();
    return op.of(specs.stream().map(Term::of).toList()).saved(specs);
  }

  private static TensorSpec spec(DType dtype) {
    return new TensorSpec(Shape.of(2), dtype, ReferenceProvider.DEVICE);
  }

  private static Tensor leaf(double[] values, long... sizes) {
    return Tensor.of(values, sizes).requiresGrad_(true);
  }

  /// The operators that a gradient is computed with, views aside.
  private static List<Op> backwardOf(Tensor result, Tensor x) {
    List<Op> ops = new ArrayList<>();
    List<Tensor> grads = List.of(Tensor.ones(result.spec().shape(), result.spec().dtype()));
    Scope.with(
        call -> {
          if (!(call.op() instanceof View)) {
            ops.add(call.op());
          }
          return call.proceed();
        },
        () -> Tensor.grad(List.of(result), List.of(x), grads, BackwardOptions.DEFAULT));
    return ops;
  }

  @Test
  void theResultIsSavedWhereItIsEnough() {
    for (Pointwise op :
        List.of(
            Pointwise.EXP,
            Pointwise.EXP2,
            Pointwise.EXPM1,
            Pointwise.TANH,
            Pointwise.SIGMOID,
            Pointwise.SQRT,
            Pointwise.RSQRT,
            Pointwise.RECIPROCAL,
            Pointwise.TAN,
            Pointwise.RELU)) {
      assertEquals(RESULT, saved(op, FLOAT32), op.name());
    }
  }

  @Test
  void onlyOperandsThatAreReadAreSaved() {
    assertEquals(Saved.inputs(0), saved(Pointwise.LOG, FLOAT32));
    assertEquals(Saved.inputs(0), saved(Pointwise.GELU, FLOAT32));
    assertEquals(Saved.inputs(0, 1), saved(Pointwise.MUL, FLOAT32, FLOAT32));
    assertEquals(Saved.inputs(0, 1), saved(Pointwise.DIV, FLOAT32, FLOAT32));
    assertEquals(Saved.inputs(0), saved(Pointwise.WHERE, BOOL, FLOAT32, FLOAT32));
    assertEquals(Saved.NONE, saved(Pointwise.ADD, FLOAT32, FLOAT32));
    assertEquals(Saved.NONE, saved(Pointwise.NEG, FLOAT32));
    assertEquals(Saved.NONE, saved(Pointwise.FLOOR, FLOAT32));
  }

  @Test
  void theGradientOfASumIsTheUpstreamOne() {
    GradientCheck.inFloat64(() -> {
      Tensor x = leaf(new double[] {1, 2}, 2);
      Tensor sum = x.add(leaf(new double[] {3, 4}, 2));
      assertEquals(List.of(), backwardOf(sum, x));
      return x;
    });
  }

  @Test
  void gradientsAreTheSameMapsEachTime() {
    GradientCheck.inFloat64(() -> {
      Tensor x = leaf(new double[] {1, 2}, 2);
      List<Op> first = backwardOf(x.exp(), x);
      assertEquals(List.of("expBackward"), first.stream().map(Op::name).toList());
      assertSame(first.getFirst(), backwardOf(x.exp(), x).getFirst());
      return x;
    });
  }

  @Test
  void functionsMadeOfStepsHaveZeros() {
    double[] grad =
        GradientCheck.inFloat64(() -> {
          Tensor x = leaf(new double[] {1.5, -2.5}, 2);
          x.floor().backward(Tensor.of(1.0, 1.0));
          return x.grad().orElseThrow().toDoubleArray();
        });
    assertArrayEquals(new double[] {0, 0}, grad);
  }

  @Test
  void aGradientHasTheTypeAndTheShapeOfItsOperand() {
    GradientCheck.inFloat64(() -> {
      Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).to(FLOAT32).requiresGrad_(true);
      Tensor scale = Tensor.of(1.0, 2.0, 4.0).to(FLOAT16).requiresGrad_(true);
      Tensor product = x.mul(scale);
      assertEquals(FLOAT32, product.spec().dtype());
      product.backward(Tensor.ones(Shape.of(2, 3), FLOAT32));
      Tensor grad = scale.grad().orElseThrow();
      assertEquals(FLOAT16, grad.spec().dtype());
      assertArrayEquals(new double[] {5, 7, 9}, grad.toDoubleArray());
      assertArrayEquals(new double[] {1, 2, 4, 1, 2, 4}, x.grad().orElseThrow().toDoubleArray());
      return x;
    });
  }

  @Test
  void gradientsCanBeDifferentiated() {
    double[] x = {0.3, 1.2, 0.7, 2.1, 0.4, 1.6};
    double[] y = {1.4, 0.6, 2.2};
    for (Pointwise op :
        List.of(
            Pointwise.MUL,
            Pointwise.DIV,
            Pointwise.POW,
            Pointwise.ATAN2,
            Pointwise.HYPOT,
            Pointwise.LOGADDEXP,
            Pointwise.MAXIMUM)) {
      new GradientCheck(in -> op.call(in.get(0), in.get(1))).with(x, 2, 3).with(y, 3).check();
    }
    for (Pointwise op :
        List.of(
            Pointwise.EXP,
            Pointwise.TANH,
            Pointwise.SQRT,
            Pointwise.RELU,
            Pointwise.GELU,
            Pointwise.SILU,
            Pointwise.MISH,
            Pointwise.LGAMMA)) {
      new GradientCheck(in -> op.call(in.getFirst())).with(x, 2, 3).check();
    }
  }

  @Test
  void anOperandUsedTwiceGetsBothGradients() {
    new GradientCheck(in -> Pointwise.MUL.call(in.getFirst(), in.getFirst()))
        .with(new double[] {0.3, -1.2}, 2)
        .check();
  }

  /// Rule section 7.5: the product of an infinite derivative and a gradient of 0 is NaN.
  @Test
  void betweenOperatorsZeroTimesInfinityIsNan() {
    double[] grad =
        GradientCheck.inFloat64(() -> {
          Tensor x = leaf(new double[] {0, 4}, 2);
          Tensor safe = x.sqrt().where(x.gt(0), 0.0);
          safe.backward(Tensor.ones(2));
          return x.grad().orElseThrow().toDoubleArray();
        });
    assertArrayEquals(new double[] {Double.NaN, 0.25}, grad);
  }
}
