package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.TensorIndexException;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Operators for which the order along an axis counts.
class OrderOpsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  private static Tensor f64(Shape shape, double... values) {
    return Scope.withDType(DType.FLOAT64, () -> Tensor.of(values, shape.toArray()));
  }

  private static Tensor line(double... values) {
    return f64(Shape.of(values.length), values);
  }

  private static Tensor of(DType dtype, long... values) {
    return Tensor.of(values).to(dtype);
  }

  private static void check(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 1e-12);
  }

  private static void check(Indexed<Tensor> got, double[] values, double... indices) {
    check(got.values(), values);
    check(got.indices(), indices);
    assertEquals(DType.INT64, got.indices().dtype());
    assertEquals(got.values().shape(), got.indices().shape());
  }

  private static double[] row(double... values) {
    return values;
  }

  @Test
  @DisplayName("DT-32: places are int64; without an axis they count row-major")
  void places() {
    Tensor x = f64(Shape.of(2, 3), 1, 9, 3, 9, 5, 0);
    check(x.argmax(), 1);
    check(x.argmin(), 5);
    check(x.argmax(1), 1, 0);
    check(x.argmin(0), 0, 1, 1);
    assertEquals(Shape.of(2, 1), x.argmax(Keep.AXES, -1).shape());
    assertEquals(DType.INT64, x.argmin(1).dtype());
    check(Tensor.scalar(3).argmax(0), 0);
    assertEquals(Shape.SCALAR, Tensor.scalar(3).argmax(Keep.AXES, -1).shape());
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  @DisplayName("DT-35: the first of equal extremes is returned")
  void ties(DType dtype) {
    check(of(dtype, 0, 1, 1, 0).argmax(0), 1);
    check(of(dtype, 1, 0, 1, 0).argmin(0), 1);
    check(of(dtype, 0, 1, 1).max(0), row(1), 1);
    assertEquals(dtype, of(dtype, 0, 1).min(0).values().dtype());
  }

  @Test
  @DisplayName("DT-25: the place of the first NaN is returned")
  void nanPlaces() {
    Tensor x = line(1, NAN, INF, NAN);
    check(x.argmax(0), 1);
    check(x.argmin(0), 1);
    check(x.max(0), row(NAN), 1);
    check(line(-INF, -INF).argmax(), 0);
    check(line(INF, INF).argmin(), 0);
  }

  @Test
  @DisplayName("DT-33: an empty axis has no extreme, empty others give empty results")
  void emptyPlaces() {
    Tensor x = Tensor.zeros(0, 2);
    assertThrows(TensorIndexException.class, x::argmax);
    assertThrows(TensorIndexException.class, () -> x.argmin(0));
    assertThrows(TensorIndexException.class, () -> x.max(0));
    assertEquals(Shape.of(0), x.max(1).values().shape());
  }

  @Test
  void extremesAlongAnAxis() {
    Tensor x = f64(Shape.of(2, 3), 1, 9, 3, 8, 5, 0);
    check(x.max(1), row(9, 8), 1, 0);
    check(x.min(0), row(1, 5, 0), 0, 1, 1);
    assertEquals(Shape.of(1, 3), x.max(Keep.AXES, 0).values().shape());
  }

  @Test
  @DisplayName("DT-30: running totals, of integers in int64")
  void totals() {
    check(of(DType.UINT8, 200, 200).cumsum(0), 200, 400);
    assertEquals(DType.INT64, of(DType.BOOL, 1, 1).cumprod(0).dtype());
    check(of(DType.BOOL, 1, 1, 0, 1).cumsum(0), 1, 2, 2, 3);
    Tensor x = f64(Shape.of(2, 5), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    check(x.cumsum(1), 1, 3, 6, 10, 15, 6, 13, 21, 30, 40);
    check(x.cumsum(0), 1, 2, 3, 4, 5, 7, 9, 11, 13, 15);
    check(x.cumprod(-1), 1, 2, 6, 24, 120, 6, 42, 336, 3024, 30240);
    check(Tensor.scalar(3).cumsum(0), 3);
    check(Tensor.ones(Shape.of(2050), DType.FLOAT16).cumsum(0).select(0, 2049), 2050);
    check(line(1000, 1000, -INF).logcumsumexp(0), 1000, 1000 + Math.log(2), 1000 + Math.log(2));
    assertEquals(Shape.of(0), Tensor.zeros(0).cumsum(0).shape());
    assertEquals(DType.FLOAT64, of(DType.INT32, 1).cumsum(0, DType.FLOAT64).dtype());
  }

  @Test
  void recordsSoFar() {
    check(line(1, 3, 2, 3, 0).cummax(0), row(1, 3, 3, 3, 3), 0, 1, 1, 3, 3);
    check(line(2, NAN, 3).cummax(0), row(2, NAN, NAN), 0, 1, 1);
    check(of(DType.INT32, 3, 4, 1).cummin(0), row(3, 3, 1), 0, 0, 2);
  }

  @Test
  @DisplayName("DT-35: sorting is stable")
  void stable() {
    check(line(2, 1, 2, 1).sort(0), row(1, 1, 2, 2), 1, 3, 0, 2);
    check(line(2, 1, 2, 1).sort(0, Sort.Order.DESCENDING), row(2, 2, 1, 1), 0, 2, 1, 3);
  }

  @Test
  @DisplayName("DT-25: sorting puts NaN last, as the largest")
  void nanOrder() {
    check(line(NAN, 1, NAN, -INF, INF).sort(0), row(-INF, 1, INF, NAN, NAN), 3, 1, 4, 0, 2);
    check(line(1, NAN, 2).sort(0, Sort.Order.DESCENDING), row(NAN, 2, 1), 1, 2, 0);
    check(line(1, NAN, 2).topk(2), row(NAN, 2), 1, 2);
  }

  @Test
  void sortsAlongAnyAxis() {
    double[] values = new Random(7).doubles(24).toArray();
    Tensor x = f64(Shape.of(4, 3, 2), values);
    double[] first = new double[4];
    for (int i = 0; i < 4; i++) {
      first[i] = values[6 * i + 3];
    }
    Arrays.sort(first);
    check(x.sort(0).values().select(1, 1).select(1, 1), first);
    check(of(DType.BOOL, 1, 0, 1).sort(0), row(0, 1, 1), 1, 0, 2);
    check(Tensor.scalar(3).sort(-1), row(3), 0);
    check(line(3, 1, 2).argsort(0), 1, 2, 0);
  }

  @Test
  @DisplayName("DT-35: more than there are has no top")
  void topK() {
    Tensor x = f64(Shape.of(2, 3), 1, 9, 3, 8, 5, 0);
    check(x.topk(2), row(9, 3, 8, 5), 1, 2, 0, 1);
    check(x.topk(1, 0, Sort.Order.ASCENDING), row(1, 5, 0), 0, 1, 1);
    assertThrows(TensorIndexException.class, () -> x.topk(4));
    check(x.kthvalue(2, 1), row(3, 5), 2, 1);
    assertThrows(TensorIndexException.class, () -> x.kthvalue(4, 1));
  }

  @Test
  @DisplayName("DT-35: of two middles the lower is the median")
  void median() {
    check(line(4, 1, 3, 2).median(), 2);
    check(line(4, 1, 3).median(0), row(3), 2);
    check(line(4, NAN, 3).median(0), row(NAN), 1);
    check(of(DType.INT64, 7, 5).median(), 5);
    check(Tensor.zeros(0).median(), NAN);
    assertThrows(TensorIndexException.class, () -> Tensor.zeros(2, 0).median(1));
  }
}
