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

/// Matrix products and the affine map.
@ExtendWith(OnReference.class)
class MatMulTest {
  private static Tensor filled(long... sizes) {
    return Tensor.arange(Shape.of(sizes).numel()).to(DType.FLOAT64).reshape(sizes);
  }

  private static Tensor product(Tensor a, Tensor b) {
    return MatMul.product(a, b);
  }

  @Test
  @DisplayName("MM-1: batch axes broadcast")
  void batches() {
    assertEquals(Shape.of(2, 5, 2, 4), product(filled(2, 1, 2, 3), filled(5, 3, 4)).shape());
    assertEquals(Shape.of(5, 2, 4), product(filled(5, 2, 3), filled(3, 4)).shape());
    assertArrayEquals(
        new double[] {10, 13, 28, 40}, product(filled(2, 3), filled(3, 2)).toDoubleArray());
  }

  @Test
  @DisplayName("MM-1: an empty inner axis gives zeros")
  void emptyInner() {
    assertArrayEquals(new double[6], product(filled(2, 0), filled(0, 3)).toDoubleArray());
  }

  @Test
  @DisplayName("MM-2: integers multiply and wrap, bool does not")
  void integers() {
    Tensor a = Tensor.of(new long[] {100, 2}, 1, 2).to(DType.INT8);
    Tensor b = Tensor.of(new long[] {2, 3}, 2, 1).to(DType.INT8);
    assertArrayEquals(new long[] {206 - 256}, product(a, b).toLongArray());
    Tensor truth = Tensor.of(new boolean[] {true}, 1, 1);
    assertThrows(DTypeException.class, () -> product(truth, truth));
  }

  @Test
  @DisplayName("DT-8: there is no promotion")
  void noPromotion() {
    assertThrows(DTypeException.class, () -> product(filled(2, 2), filled(2, 2).to(DType.FLOAT32)));
    assertThrows(DTypeException.class, () -> filled(2, 2).linear(filled(3, 2).to(DType.FLOAT32)));
  }

  @Test
  void mismatchNamesBothShapes() {
    ShapeException e =
        assertThrows(ShapeException.class, () -> product(filled(7, 3), filled(4, 2)));
    assertEquals(
        "matmul: inner sizes differ: a is [7, 3], b is [4, 2]; a's last must equal b's second to"
            + " last",
        e.getMessage());
  }

  @Test
  @DisplayName("5.1: linear keeps leading axes, also none")
  void linear() {
    assertEquals(Shape.of(2, 4, 5), filled(2, 4, 3).linear(filled(5, 3), filled(5)).shape());
    assertArrayEquals(
        new double[] {5, 15}, filled(3).linear(filled(2, 3), filled(2)).toDoubleArray());
    assertThrows(ShapeException.class, () -> filled(2, 3).linear(filled(5, 4)));
    assertThrows(ShapeException.class, () -> filled(2, 3).linear(filled(5, 3), filled(4)));
  }

  @Test
  void gradients() {
    new GradientCheck(x -> product(x.get(0), x.get(1))).with(2, 3).with(3, 2).check();
    new GradientCheck(x -> product(x.get(0), x.get(1))).with(2, 1, 2, 3).with(3, 3, 2).check();
    new GradientCheck(x -> product(x.get(0), x.get(1))).with(2, 2, 3).with(3, 2).check();
    new GradientCheck(x -> x.get(0).linear(x.get(1), x.get(2)))
        .with(2, 2, 3)
        .with(4, 3)
        .with(4)
        .check();
  }
}
