package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.nn.Linear;
import dev.proteus.op.Expect;
import dev.proteus.op.Keep;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The default floating type of a scope.
class DefaultDTypeTest {
  private static final Tensor INTS = Tensor.of(1L, 2L, 4L);
  private static final Tensor TRUTH = Tensor.of(true, false, true);
  private static final Tensor HALVES = Tensor.ones(Shape.of(3), DType.FLOAT16);

  private static void type(DType expected, DType real, Supplier<Tensor> call) {
    assertEquals(expected, Scope.withDType(real, call).dtype());
  }

  @Test
  @DisplayName("DT-3, DT-7 integers become the default floating type where results are real")
  void integers() {
    for (DType real : List.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16)) {
      type(real, real, () -> INTS.mul(1.5));
      type(real, real, () -> INTS.rsub(1.5));
      type(real, real, () -> INTS.div(INTS));
      type(real, real, () -> INTS.div(2L));
      type(real, real, () -> TRUTH.div(TRUTH));
      type(real, real, INTS::sqrt);
      type(real, real, () -> INTS.atan2(INTS));
      type(real, real, () -> INTS.lerp(INTS, 0.5));
      type(real, real, () -> INTS.where(TRUTH, 0.5));
      type(real, real, () -> INTS.pow(0.5));
      type(real, real, () -> TRUTH.mul(0.5));
    }
    type(DType.INT64, DType.FLOAT64, () -> INTS.mul(2L));
  }

  @Test
  @DisplayName("DT-2 the default floating type does not count beside a floating operand")
  void floating() {
    type(DType.FLOAT16, DType.FLOAT64, () -> HALVES.mul(1.5));
    type(DType.FLOAT16, DType.FLOAT64, HALVES::sqrt);
    type(DType.FLOAT16, DType.FLOAT64, () -> INTS.div(HALVES));
    type(DType.FLOAT16, DType.FLOAT64, () -> HALVES.where(TRUTH, 0.5));
    type(DType.FLOAT16, DType.FLOAT64, () -> INTS.mul(HALVES.select(0, 0)));
  }

  @Test
  @DisplayName("DT-7 a third is as near as the default floating type has it")
  void precision() {
    Tensor third = Scope.withDType(DType.FLOAT64, () -> Tensor.of(1L).div(3L));
    assertEquals(1.0 / 3, third.item());
    assertEquals((double) (1f / 3), Tensor.of(1L).div(3L).item());
    assertEquals(1.0 / 3, Scope.withDType(DType.FLOAT64, () -> Tensor.of(1L).div(3L)).item());
  }

  @Test
  @DisplayName("FC-1, FC-2 tensors made without a type have the default one")
  void creation() {
    DType real = DType.FLOAT64;
    type(real, real, () -> Tensor.of(1.0, 2.0));
    type(real, real, () -> Tensor.scalar(0.1));
    type(real, real, () -> Tensor.zeros(2));
    type(real, real, () -> Tensor.ones(2));
    type(real, real, () -> Tensor.full(Shape.of(2), Scalar.of(0.5)));
    type(DType.INT64, real, () -> Tensor.full(Shape.of(2), Scalar.of(5L)));
    type(real, real, () -> Tensor.arange(0.0, 1.0, 0.25));
    type(DType.INT64, real, () -> Tensor.arange(3));
    type(real, real, () -> Tensor.linspace(0, 1, 3));
    type(real, real, () -> Tensor.eye(2, 2));
    type(real, real, () -> Tensor.rand(2));
    type(real, real, () -> Tensor.randn(2));
    type(real, real, () -> new Linear(2, 3).weight());
    assertEquals(0.1, Scope.withDType(real, () -> Tensor.scalar(0.1)).item());
  }

  @Test
  @DisplayName("DT-3 what operators are made of and their derivatives do not follow the default")
  void definitions() {
    Tensor x = Tensor.of(new double[] {3, 1, 2, 5, 4, 6}, 2, 3).requiresGrad_(true);
    Supplier<Tensor> call =
        () -> {
          x.clearGrad();
          Tensor y = x.softmax(1).add(x.cumsum(0)).mul(x.std(1, Keep.AXES, 0)).add(x.norm());
          y.add(x.layerNorm(1, 1e-5)).sum().backward();
          return x.grad().orElseThrow().clone();
        };
    Tensor usual = call.get();
    Tensor other = Scope.withDType(DType.FLOAT64, call);
    Expect.same(usual, other);
  }

  @Test
  @DisplayName("DT-3 the default dtype is floating and ends with its scope")
  void scope() {
    assertThrows(
        IllegalArgumentException.class, () -> Scope.withDType(DType.INT64, () -> INTS.mul(1.5)));
    Scope.withDType(DType.FLOAT64, () -> INTS.mul(1.5));
    assertEquals(DType.FLOAT32, INTS.mul(1.5).dtype());
    assertSame(DType.FLOAT32, Scope.dtype());
  }
}
