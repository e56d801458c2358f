package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.reference.OnReference;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Scaled dot product attention.
@ExtendWith(OnReference.class)
class AttentionTest {
  private static Tensor filled(int seed, long... sizes) {
    return GradientCheck.inFloat64(() -> Tensor.of(GradientCheck.values(seed, sizes), sizes));
  }

  private final Tensor q = filled(1, 2, 3, 4);
  private final Tensor k = filled(2, 2, 5, 4);
  private final Tensor v = filled(3, 2, 5, 6);

  @Test
  @DisplayName("5.1: [..., L, E], [..., S, E], [..., S, Ev] give [..., L, Ev]")
  void definition() {
    Tensor weights = MatMul.product(q, k.mT()).mul(0.5).softmax(-1);
    Tensor result = q.scaledDotProductAttention(k, v);
    assertEquals(Shape.of(2, 3, 6), result.shape());
    assertArrayEquals(MatMul.product(weights, v).toDoubleArray(), result.toDoubleArray(), 1e-12);
  }

  @Test
  void causalQueriesSeeKeysUpToTheirOwnPosition() {
    Tensor seen = Tensor.ones(3, 5).tril(0).to(DType.BOOL);
    assertArrayEquals(
        q.scaledDotProductAttention(k, v, seen).toDoubleArray(),
        q.scaledDotProductAttention(k, v, Attention.Causality.CAUSAL).toDoubleArray(),
        1e-12);
    assertArrayEquals(
        v.select(1, 0).toDoubleArray(),
        q.scaledDotProductAttention(k, v, Attention.Causality.CAUSAL).select(1, 0).toDoubleArray(),
        1e-12);
  }

  @Test
  void aRowThatSeesNoKeyGivesZeros() {
    Tensor mask = Tensor.of(new boolean[] {true, false, true}, 3, 1);
    Tensor result = q.scaledDotProductAttention(k, v, mask);
    assertArrayEquals(new double[12], result.select(1, 1).toDoubleArray());
    Tensor added = Tensor.zeros(3, 1).to(DType.FLOAT64).maskedFill(mask.logicalNot(), -1.0 / 0);
    assertArrayEquals(
        result.toDoubleArray(), q.scaledDotProductAttention(k, v, added).toDoubleArray(), 1e-12);
  }

  @Test
  void noKeysGiveZeros() {
    Tensor result = q.scaledDotProductAttention(filled(2, 2, 0, 4), filled(3, 2, 0, 6));
    assertArrayEquals(new double[36], result.toDoubleArray());
  }

  @Test
  void errors() {
    assertThrows(ShapeException.class, () -> q.scaledDotProductAttention(v, v));
    assertThrows(
        ShapeException.class,
        () -> q.scaledDotProductAttention(k, v, Tensor.of(new boolean[] {true, true}, 2)));
    assertThrows(DTypeException.class, () -> q.scaledDotProductAttention(k, v, Tensor.ones(3, 5)));
  }

  @Test
  void gradients() {
    new GradientCheck(x -> x.get(0).scaledDotProductAttention(x.get(1), x.get(2)))
        .with(2, 2, 3)
        .with(2, 3, 3)
        .with(2, 3, 2)
        .check();
    new GradientCheck(
            x -> x.get(0).scaledDotProductAttention(x.get(1), x.get(2), Attention.Causality.CAUSAL))
        .with(2, 2, 3)
        .with(3, 3)
        .with(2, 3, 2)
        .check();
    new GradientCheck(x -> x.get(0).scaledDotProductAttention(x.get(1), x.get(2), x.get(3)))
        .with(2, 2, 3)
        .with(2, 3, 3)
        .with(2, 3, 2)
        .with(2, 3)
        .check();
  }

  @Test
  void gradientsUnderAMaskThatHidesARow() {
    Tensor mask = Tensor.of(new boolean[] {true, false, true, false, false, false}, 2, 3);
    new GradientCheck(x -> x.get(0).scaledDotProductAttention(x.get(1), x.get(2), mask))
        .with(2, 3)
        .with(3, 3)
        .with(3, 2)
        .check();
  }
}
