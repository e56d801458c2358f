package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.ShapeException;
import dev.proteus.reference.OnReference;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Pooling, plain and adaptive, and windows as columns.
@ExtendWith(OnReference.class)
class PoolTest {
  private static Tensor line(double... values) {
    return Tensor.of(values, 1, 1, values.length).to(DType.FLOAT64);
  }

  private static void check(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 1e-12);
  }

  @Test
  @DisplayName("5.1: with ceil, a last window must start inside the input or its left padding")
  void ceil() {
    Tensor x = Tensor.ones(1, 1, 4, 4);
    PoolOptions options = PoolOptions.of(1).withStride(3).withRounding(Rounding.CEIL);
    assertEquals(Shape.of(1, 1, 2, 2), x.maxPool2d(options).shape());
    assertEquals(Shape.of(1, 1, 2, 2), x.maxPool2d(PoolOptions.of(1).withStride(3)).shape());
    PoolOptions two = PoolOptions.of(2).withRounding(Rounding.CEIL);
    check(line(1, 2, 3, 4, 5).maxPool1d(two), 2, 4, 5);
    check(line(1, 2, 3, 4, 5).avgPool1d(two), 1.5, 3.5, 5);
    PoolOptions wide = PoolOptions.of(3).withDilation(2).withRounding(Rounding.CEIL);
    check(line(1, 2, 3).maxPool1d(wide), 3);
    check(line(1, 2).avgPool1d(PoolOptions.of(3).withRounding(Rounding.CEIL)), 1.5);
  }

  @Test
  @DisplayName("5.1: padding is at most half a kernel, a kernel at most the padded input")
  void errors() {
    Tensor x = line(1, 2, 3);
    assertThrows(
        IllegalArgumentException.class, () -> x.maxPool1d(PoolOptions.of(3).withPadding(2)));
    assertThrows(ShapeException.class, () -> x.maxPool1d(PoolOptions.of(4)));
    assertThrows(ShapeException.class, () -> x.squeeze(0, 1).maxPool2d(2));
    assertThrows(
        IllegalArgumentException.class, () -> x.maxPool1d(PoolOptions.of(0).withStride(1)));
    assertThrows(
        IllegalArgumentException.class, () -> x.avgPool1d(PoolOptions.of(2).withDilation(2)));
  }

  @Test
  void indicesCountOverSpatialAxesAndNameTheFirst() {
    Tensor x = Tensor.of(new double[] {1, 5, 2, 5, 3, 0, 7, 7, 7, 1, 1, 1}, 1, 1, 3, 4);
    Indexed<Tensor> pooled = x.maxPool(2, PoolOptions.of(2).withStride(1));
    assertArrayEquals(new long[] {1, 6, 6, 8, 6, 6}, pooled.indices().toLongArray());
    check(pooled.values(), 5, 7, 7, 7, 7, 7);
  }

  @Test
  @DisplayName("DT-25: NaN is the largest; padding is the smallest, also of integers")
  void extremes() {
    check(line(1, Double.NaN, 3, 2).maxPool1d(PoolOptions.of(2)), Double.NaN, 3);
    PoolOptions padded = PoolOptions.of(3).withStride(1).withPadding(1);
    Tensor low = Tensor.of(new long[] {-128, -128}, 1, 1, 2).to(DType.INT8);
    assertArrayEquals(new long[] {-128, -128}, low.maxPool1d(padded).toLongArray());
    double none = Double.NEGATIVE_INFINITY;
    Indexed<Tensor> lowest = line(none, none).maxPool(1, padded);
    check(lowest.values(), none, none);
    assertArrayEquals(new long[] {0, 0}, lowest.indices().toLongArray());
  }

  @Test
  void divisors() {
    PoolOptions padded = PoolOptions.of(2).withPadding(1);
    check(line(2, 4, 6).avgPool1d(padded), 1, 5);
    check(
        line(2, 4, 6).avgPool1d(padded.withDivisor(AvgPool.Divisor.Counted.WITHOUT_PADDING)), 2, 5);
    check(line(2, 4, 6).avgPool1d(padded.withDivisor(new AvgPool.Divisor.Fixed(4))), 0.5, 2.5);
  }

  @Test
  @DisplayName("5.1: adaptive windows overlap where sizes do not divide; -1 keeps a size")
  void adaptive() {
    check(line(1, 2, 3, 4, 6).adaptiveAvgPool(3), 1.5, 3, 5);
    check(line(1, 2, 3, 4).adaptiveAvgPool(2), 1.5, 3.5);
    Indexed<Tensor> max = line(4, 3, 2, 1, 0).adaptiveMaxPool(3);
    check(max.values(), 4, 3, 1);
    assertArrayEquals(new long[] {0, 1, 3}, max.indices().toLongArray());
    assertEquals(Shape.of(2, 3, 5), Tensor.ones(2, 4, 5).adaptiveAvgPool(3, -1).shape());
  }

  @Test
  void lpPoolIsANorm() {
    check(line(3, 4, 6, 8).lpPool(1, 2, PoolOptions.of(2)), 5, 10);
  }

  @Test
  void columnsAddUpToWhatTheyCover() {
    Tensor x = line(1, 2, 3);
    PoolOptions two = PoolOptions.of(2).withStride(1);
    check(x.im2col(two), 1, 2, 2, 3);
    check(x.im2col(two).col2im(two, 3), 1, 4, 3);
    assertThrows(ShapeException.class, () -> x.im2col(two).col2im(two, 5));
  }

  @Test
  void unpoolPutsMaximaBack() {
    Tensor x = line(1, 5, 7, 2);
    Indexed<Tensor> pooled = x.maxPool(1, PoolOptions.of(2));
    check(pooled.values().maxUnpool(pooled.indices(), 4), 0, 5, 7, 0);
  }

  @Test
  void gradients() {
    PoolOptions options = PoolOptions.of(3, 2).withStride(2, 1).withPadding(1);
    new GradientCheck(x -> x.get(0).maxPool2d(options)).with(1, 2, 4, 3).check();
    new GradientCheck(x -> x.get(0).avgPool2d(options)).with(1, 2, 4, 3).check();
    new GradientCheck(x ->
        x.get(0)
            .avgPool2d(
                options
                    .withRounding(Rounding.CEIL)
                    .withDivisor(AvgPool.Divisor.Counted.WITHOUT_PADDING)))
        .with(1, 1, 4, 3)
        .check();
    new GradientCheck(x -> x.get(0).adaptiveAvgPool(3, 2)).with(1, 1, 4, 3).check();
    new GradientCheck(x -> x.get(0).adaptiveMaxPool(3, 2).values()).with(1, 1, 4, 3).check();
    new GradientCheck(x -> x.get(0).im2col(PoolOptions.of(2).withStride(1))).with(1, 2, 3).check();
  }
}
