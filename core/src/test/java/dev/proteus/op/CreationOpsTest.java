package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.expr.Philox;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Values from nothing but a spec.
class CreationOpsTest {
  private static final long SEED = 0x1234_5678_9ABC_DEF0L;

  private final Tensor any = Tensor.scalar(0);

  private static TensorSpec spec(DType dtype, long... sizes) {
    return new TensorSpec(Shape.of(sizes), dtype, Scope.device());
  }

  private static void check(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 1e-7);
  }

  private Tensor range(Scalar start, Scalar end, Scalar step, DType dtype) {
    return any.arange(start, end, step, dtype, Scope.device());
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void filled(DType dtype) {
    check(any.full(spec(dtype, 2), Scalar.of(true)), 1, 1);
    check(any.zeros(spec(dtype, 2)), 0, 0);
    check(any.ones(spec(dtype)), 1);
    check(any.ones(spec(dtype, 2)).zerosLike(), 0, 0);
    check(any.zeros(spec(dtype, 2)).onesLike(), 1, 1);
    check(any.zeros(spec(dtype, 2)).fullLike(1), 1, 1);
  }

  @Test
  @DisplayName("FC-2: arange has ceil((end - start) / step) numbers")
  void arange() {
    check(range(Scalar.of(2L), Scalar.of(9L), Scalar.of(3L), DType.INT64), 2, 5, 8);
    check(range(Scalar.of(5L), Scalar.of(0L), Scalar.of(-2L), DType.INT32), 5, 3, 1);
    check(range(Scalar.of(0L), Scalar.of(1L), Scalar.of(0.25), DType.FLOAT32), 0, 0.25, 0.5, 0.75);
    check(range(Scalar.of(1L), Scalar.of(1L), Scalar.of(1L), DType.INT64));
    check(range(Scalar.of(1L), Scalar.of(4L), Scalar.of(1L), DType.FLOAT16), 1, 2, 3);
    Scalar zero = Scalar.of(0L);
    Scalar one = Scalar.of(1L);
    assertThrows(IllegalArgumentException.class, () -> range(zero, one, zero, DType.INT64));
    assertThrows(IllegalArgumentException.class, () -> range(one, zero, one, DType.INT64));
  }

  @Test
  void linspace() {
    check(any.linspace(0, 1, spec(DType.FLOAT32, 5)), 0, 0.25, 0.5, 0.75, 1);
    check(any.linspace(-1, 1, spec(DType.FLOAT64, 4)), -1, -1.0 / 3, 1.0 / 3, 1);
    check(any.linspace(3, 9, spec(DType.FLOAT32, 1)), 3);
    check(any.linspace(3, 9, spec(DType.FLOAT32, 0)));
    assertThrows(ShapeException.class, () -> any.linspace(0, 1, spec(DType.FLOAT32, 2, 2)));
  }

  @Test
  void eye() {
    check(any.eye(spec(DType.FLOAT32, 2, 3)), 1, 0, 0, 0, 1, 0);
    check(any.eye(spec(DType.BOOL, 2, 2)), 1, 0, 0, 1);
    assertThrows(ShapeException.class, () -> any.eye(spec(DType.FLOAT32, 3)));
  }

  @Test
  @DisplayName("a uniform float32 is the upper 24 bits of its word")
  void uniformIsDefinedByWords() {
    double[] wanted =
        LongStream.range(0, 6)
            .mapToDouble(e -> (Philox.bits(SEED, 8 + e) >>> 8) * 0x1p-24)
            .toArray();
    Tensor x = any.rand(spec(DType.FLOAT32, 2, 3), SEED, 8);
    assertArrayEquals(wanted, x.toDoubleArray(), 0);
    assertArrayEquals(
        Arrays.copyOfRange(wanted, 2, 6),
        any.rand(spec(DType.FLOAT32, 4), SEED, 10).toDoubleArray(),
        0);
  }

  @Test
  @DisplayName("a uniform float64 is 53 bits of two words")
  void wideUniformIsDefinedByWords() {
    double[] wanted = new double[3];
    for (int e = 0; e < 3; e++) {
      long high = Philox.bits(SEED, 2L * e) >>> 5;
      long low = Philox.bits(SEED, 2L * e + 1) >>> 6;
      wanted[e] = (high << 26 | low) * 0x1p-53;
    }
    assertArrayEquals(wanted, any.rand(spec(DType.FLOAT64, 3), SEED, 0).toDoubleArray(), 0);
  }

  @Test
  @DisplayName("a normal float32 is made of two words by Box and Muller's method")
  void normalIsDefinedByWords() {
    double[] wanted = new double[5];
    for (int e = 0; e < 5; e++) {
      double u = (Philox.bits(SEED, 2L * e) + 1) * 0x1p-32;
      double v = Philox.bits(SEED, 2L * e + 1) * 0x1p-32;
      wanted[e] = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
    }
    assertArrayEquals(wanted, any.randn(spec(DType.FLOAT32, 5), SEED, 0).toDoubleArray(), 2e-6);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void moments(DType dtype) {
    double[] uniform = any.rand(spec(dtype, 40, 100), SEED, 4).toDoubleArray();
    assertTrue(Arrays.stream(uniform).allMatch(x -> x >= 0 && x < 1));
    assertEquals(0.5, Arrays.stream(uniform).average().orElseThrow(), 0.02);
    double[] normal = any.randn(spec(dtype, 4000), SEED, 4).toDoubleArray();
    assertEquals(0, Arrays.stream(normal).average().orElseThrow(), 0.05);
    assertEquals(1, Arrays.stream(normal).map(x -> x * x).average().orElseThrow(), 0.07);
  }

  @Test
  void integers() {
    long[] drawn = any.randint(-2, 3, spec(DType.INT64, 500), SEED, 0).toLongArray();
    assertArrayEquals(
        new long[] {-2, -1, 0, 1, 2}, Arrays.stream(drawn).distinct().sorted().toArray());
    long wanted = (Philox.bits(SEED, 0) * 5 >>> 32) - 2;
    assertEquals(wanted, drawn[0]);
    long big = Long.MAX_VALUE;
    long[] wide = any.randint(0, big, spec(DType.INT64, 50), SEED, 0).toLongArray();
    assertTrue(
        Arrays.stream(wide).allMatch(x -> x >= 0)
            && Arrays.stream(wide).max().orElseThrow() > big / 2);
    TensorSpec spec = spec(DType.INT64, 2);
    assertThrows(IllegalArgumentException.class, () -> any.randint(3, 3, spec, SEED, 0));
    assertThrows(
        IllegalArgumentException.class, () -> any.randint(Long.MIN_VALUE, big, spec, SEED, 0));
    assertThrows(DTypeException.class, () -> any.rand(spec, SEED, 0));
  }

  @Test
  void chances() {
    TensorSpec spec = spec(DType.FLOAT32, 2000);
    assertEquals(0.3, any.bernoulli(0.3, spec, SEED, 0).mean().item(), 0.04);
    check(any.bernoulli(0, spec, SEED, 0).sum(), 0);
    check(any.bernoulli(1, spec, SEED, 0).sum(), 2000);
    assertThrows(IllegalArgumentException.class, () -> any.bernoulli(1.5, spec, SEED, 0));
  }

  @Test
  void permutations() {
    long[] order = any.randperm(50, Scope.device(), SEED, 0).toLongArray();
    assertArrayEquals(LongStream.range(0, 50).toArray(), Arrays.stream(order).sorted().toArray());
    assertTrue(order[0] != 0 || order[1] != 1 || order[2] != 2);
  }
}
