package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Operators that fold axes.
class ReduceOpsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  private static Tensor f64(Shape shape, double... values) {
    return Scope.withDType(DType.FLOAT64, () -> Tensor.of(values, shape.toArray()));
  }

  private static Tensor line(double... values) {
    return f64(Shape.of(values.length), values);
  }

  private static Tensor matrix() {
    return f64(Shape.of(2, 3), 1, 2, 3, 4, 5, 7);
  }

  private static Tensor of(DType dtype, long... values) {
    return Tensor.of(values).to(dtype);
  }

  private static void check(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 1e-12);
  }

  @Test
  @DisplayName("DT-34: axes are dropped or kept, negative, several, all")
  void axes() {
    Tensor x = matrix();
    check(x.sum(), 22);
    assertEquals(Shape.SCALAR, x.sum().shape());
    check(x.sum(0), 5, 7, 10);
    check(x.sum(-1), 6, 16);
    check(x.sum(-1, 0), 22);
    assertEquals(Shape.of(2, 1), x.sum(Keep.AXES, 1).shape());
    assertEquals(Shape.of(1, 1), x.sum(Keep.AXES).shape());
    Tensor scalar = Tensor.scalar(3);
    check(scalar.sum(0), 3);
    check(scalar.sum(-1), 3);
    check(scalar.mean(), 3);
  }

  @Test
  @DisplayName("DT-34: an axis twice or out of range is an error")
  void wrongAxes() {
    Tensor x = matrix();
    assertThrows(ShapeException.class, () -> x.sum(1, -1));
    assertThrows(TensorIndexException.class, () -> x.sum(2));
    assertThrows(TensorIndexException.class, () -> x.amax(-3));
    assertThrows(TensorIndexException.class, () -> Tensor.scalar(3).sum(1));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  @DisplayName(
      "DT-30: integers and booleans are added and multiplied in int64, floats in their type")
  void sumTypes(DType dtype) {
    Tensor x = of(dtype, 1, 1, 0);
    DType wanted = dtype.isFloating() ? dtype : DType.INT64;
    assertEquals(wanted, x.sum().dtype());
    assertEquals(wanted, x.prod(0).dtype());
    check(x.sum(), 2);
    check(x.prod(), 0);
    assertEquals(DType.INT32, x.sum(DType.INT32, Keep.NONE).dtype());
  }

  @Test
  @DisplayName("DT-30: sums of halves are kept in float32; a dtype is cast to first")
  void accumulation() {
    check(Tensor.ones(Shape.of(4096), DType.FLOAT16).add(0.5).sum(), 6144);
    check(of(DType.UINT8, 200, 200).sum(), 400);
    check(line(0.6, 0.6).sum(DType.INT64, Keep.NONE), 0);
    check(Tensor.ones(Shape.of(300), DType.BFLOAT16).mean(), 1);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  @DisplayName("DT-31: mean, variance and norm are for floating types")
  void floatingOnly(DType dtype) {
    Tensor x = of(dtype, 1, 0);
    if (dtype.isFloating()) {
      assertEquals(dtype, x.mean().dtype());
      assertEquals(dtype, x.var().dtype());
      assertEquals(dtype, x.std(0).dtype());
      assertEquals(dtype, x.norm().dtype());
      assertEquals(dtype, x.logsumexp(0).dtype());
    } else {
      assertThrows(DTypeException.class, x::mean);
      assertThrows(DTypeException.class, x::var);
      assertThrows(DTypeException.class, x::std);
      assertThrows(DTypeException.class, x::norm);
      check(x.mean(DType.FLOAT32, Keep.NONE), 0.5);
    }
  }

  @Test
  @DisplayName("DT-31: variance and deviation")
  void variance() {
    Tensor x = matrix();
    check(x.var(1), 1, 7.0 / 3);
    check(x.var(0, Keep.NONE, 1), 2.0 / 3, 14.0 / 9);
    check(x.std(1), 1, Math.sqrt(7.0 / 3));
    assertEquals(Shape.of(1, 3), x.std(1, Keep.AXES, 0).shape());
    check(line(5).var(), NAN);
    check(line(5).var(0, Keep.NONE), 0);
    check(line(1e8 + 1, 1e8 + 2, 1e8 + 3).var(), 1);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  @DisplayName("DT-32: any and all are bool, of uint8 uint8; counts are int64")
  void truth(DType dtype) {
    Tensor x = of(dtype, 1, 0, 1, 1).reshape(2, 2);
    DType wanted = dtype == DType.UINT8 ? DType.UINT8 : DType.BOOL;
    assertEquals(wanted, x.any().dtype());
    check(x.any(1), 1, 1);
    check(x.all(1), 0, 1);
    check(x.all(), 0);
    assertEquals(DType.INT64, x.countNonzero(0).dtype());
    check(x.countNonzero(0), 2, 1);
    check(line(0.5, NAN, 0).any(), 1);
  }

  @Test
  @DisplayName("DT-33: empty operands")
  void empty() {
    Tensor x = Tensor.zeros(0, 2);
    check(x.sum(), 0);
    check(x.prod(0), 1, 1);
    check(x.mean(), NAN);
    check(x.mean(0), NAN, NAN);
    check(x.all(), 1);
    check(x.any(0), 0, 0);
    assertEquals(Shape.of(0), x.any(1).shape());
    check(x.countNonzero(), 0);
    check(x.logsumexp(0), -INF, -INF);
    assertThrows(TensorIndexException.class, () -> x.amax(0));
    assertThrows(TensorIndexException.class, x::max);
    assertEquals(Shape.of(0), x.amax(1).shape());
  }

  @Test
  @DisplayName("DT-25: extremes let NaN through")
  void extremes() {
    Tensor x = matrix();
    check(x.amax(1), 3, 7);
    check(x.amin(0), 1, 2, 3);
    check(x.max(), 7);
    check(x.min(), 1);
    check(x.aminmax(0).min(), 1, 2, 3);
    check(x.aminmax(Keep.AXES).max(), 7);
    check(line(1, NAN, 3).max(), NAN);
    check(line(1, NAN, 3).amin(0), NAN);
    check(of(DType.UINT8, 3, 250).max(), 250);
    check(of(DType.BOOL, 0, 1).amax(), 1);
    check(of(DType.INT64, Long.MIN_VALUE, -5).amax(), -5);
  }

  @Test
  void norms() {
    Tensor x = f64(Shape.of(2, 2), 3, -4, 0, 0);
    check(x.norm(), 5);
    check(x.norm(2, 1), 5, 0);
    check(x.norm(1), 7);
    check(x.norm(0), 2);
    check(x.norm(INF), 4);
    check(x.norm(-INF), 0);
    check(x.norm(3, 1), Math.cbrt(91), 0);
    assertEquals(Shape.of(2, 1), x.norm(2, Keep.AXES, 1).shape());
    check(x.dist(Tensor.zeros(2, 2), 2), 5);
    check(Tensor.of(300, 400).to(DType.FLOAT16).norm(), 500);
  }

  @Test
  void logSumExp() {
    check(line(1000, 1000).logsumexp(0), 1000 + Math.log(2));
    check(line(-INF, -INF).logsumexp(0), -INF);
    check(line(INF, 1).logsumexp(0), INF);
    check(line(NAN, 1).logsumexp(0), NAN);
    double step = Math.log1p(Math.exp(3));
    check(matrix().logsumexp(0), 1 + step, 2 + step, 3 + Math.log1p(Math.exp(4)));
  }

  @Test
  void withoutNan() {
    Tensor x = f64(Shape.of(2, 2), 1, NAN, 3, 4);
    check(x.nansum(), 8);
    check(x.nansum(Keep.NONE, 0), 4, 4);
    check(x.nanmean(1), 1, 3.5);
    check(of(DType.INT32, 1, 2).nansum(), 3);
  }

  @Test
  void sumTo() {
    check(matrix().sumTo(Shape.of(3)), 5, 7, 10);
    check(matrix().sumTo(Shape.of(2, 1)), 6, 16);
    check(matrix().sumTo(Shape.SCALAR), 22);
  }
}
