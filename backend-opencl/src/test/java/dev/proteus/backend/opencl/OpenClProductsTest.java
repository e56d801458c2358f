package dev.proteus.backend.opencl;

import static dev.proteus.backend.opencl.OpenClPrimitivesTest.random;
import static dev.proteus.backend.opencl.OpenClPrimitivesTest.same;

import dev.proteus.op.Attention;
import dev.proteus.op.ConvOptions;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Products, convolutions and attention against their definitions on the reference backend, at
/// sizes of several tiles and at those beside them.
class OpenClProductsTest {
  @BeforeAll
  static void device() {
    WithDevice.check();
  }

  private static double tolerance(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> 1e-12;
      case FLOAT32 -> 2e-4;
      case FLOAT16 -> 4e-3;
      case BFLOAT16 -> 4e-2;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> 0;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "4, 4, 1",
    "8, 32, 16",
    "9, 33, 17",
    "7, 31, 200",
    "64, 64, 64",
    "65, 70, 3",
    "100, 10, 50",
    "10, 100, 50",
    "130, 129, 65"
  })
  void matrices(long m, long n, long k) {
    same(2e-4, () -> random(DType.FLOAT32, m, k).matmul(random(DType.FLOAT32, k, n)));
    same(2e-4, () -> random(DType.FLOAT32, k, m).t().matmul(random(DType.FLOAT32, n, k).t()));
    same(2e-4, () -> random(DType.FLOAT32, n, m).t().matmul(random(DType.FLOAT32, n, k)));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void batchesOfAllTypes(DType dtype) {
    double tolerance = tolerance(dtype);
    same(tolerance, () -> random(dtype, 3, 2, 9, 5).matmul(random(dtype, 3, 2, 5, 40)));
    same(tolerance, () -> random(dtype, 3, 1, 9, 5).matmul(random(dtype, 2, 5, 40)));
    same(tolerance, () -> random(dtype, 9, 5).matmul(random(dtype, 4, 5, 33)));
    same(tolerance, () -> random(dtype, 6, 9, 5).matmul(random(dtype, 5, 33)));
    same(tolerance, () -> random(dtype, 2, 1, 2, 1, 2, 9, 5).matmul(random(dtype, 2, 1, 2, 5, 6)));
    same(
        tolerance,
        () ->
            random(dtype, 5, 2, 9)
                .linear(random(dtype, 34, 9), random(dtype, 68).slice(0, 0, 68, 2)));
  }

  private static Supplier<Tensor> conv(ConvOptions options, DType dtype, long[] x, long[] w) {
    return () -> {
      Tensor input = random(dtype, x);
      Tensor weight = random(dtype, w);
      Tensor bias = random(dtype, w[0]);
      return switch (x.length) {
        case 3 -> input.conv1d(weight, bias, options);
        case 4 -> input.conv2d(weight, bias, options);
        case 5 -> input.conv3d(weight, bias, options);
        default -> throw new AssertionError(x.length);
      };
    };
  }

  /// A convolution and its gradients for the input and the weight.
  private static void convolves(ConvOptions options, DType dtype, long[] x, long[] w) {
    double tolerance = 4 * tolerance(dtype);
    same(tolerance, conv(options, dtype, x, w));
    for (int i = 0; i < 2; i++) {
      int which = i;
      same(
          tolerance,
          () -> {
            Tensor input = random(dtype, x).requiresGrad_(which == 0);
            Tensor weight = random(dtype, w).requiresGrad_(which == 1);
            Tensor y =
                switch (x.length) {
                  case 3 -> input.conv1d(weight, options);
                  case 4 -> input.conv2d(weight, options);
                  case 5 -> input.conv3d(weight, options);
                  default -> throw new AssertionError(x.length);
                };
            y.mul(random(dtype, y.shape().toArray())).sum().backward();
            return (which == 0 ? input : weight).grad().orElseThrow();
          });
    }
  }

  private static long[] sizes(long... sizes) {
    return sizes;
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void convolutions(DType dtype) {
    ConvOptions plain = ConvOptions.DEFAULT;
    convolves(plain.withPadding(1), dtype, sizes(2, 3, 9, 7), sizes(5, 3, 3, 3));
    convolves(plain.withStride(2).withGroups(2), dtype, sizes(3, 4, 9, 8), sizes(6, 2, 3, 2));
  }

  @Test
  void convolutionsOfAllForms() {
    ConvOptions plain = ConvOptions.DEFAULT;
    convolves(plain, DType.FLOAT32, sizes(2, 6, 7, 9), sizes(8, 6, 1, 1));
    convolves(plain.withGroups(2), DType.FLOAT32, sizes(1, 6, 5, 5), sizes(8, 3, 1, 1));
    convolves(plain.withStride(2), DType.FLOAT32, sizes(2, 6, 7, 9), sizes(8, 6, 1, 1));
    convolves(
        plain.withPadding(2, 1).withStride(3, 1).withDilation(1, 2),
        DType.FLOAT32,
        sizes(2, 3, 11, 13),
        sizes(9, 3, 4, 3));
    convolves(plain.withPadding(2).withStride(2), DType.FLOAT32, sizes(3, 2, 50), sizes(4, 2, 5));
    convolves(plain.withPadding(1), DType.FLOAT32, sizes(2, 2, 5, 6, 7), sizes(3, 2, 2, 3, 3));
    convolves(plain, DType.FLOAT32, sizes(17, 1, 28, 28), sizes(6, 1, 5, 5));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void attention(DType dtype) {
    double tolerance = 4 * tolerance(dtype);
    for (Attention.Causality causality : Attention.Causality.values()) {
      same(
          tolerance,
          () ->
              random(dtype, 2, 3, 33, 8)
                  .scaledDotProductAttention(
                      random(dtype, 2, 3, 40, 8), random(dtype, 2, 3, 40, 17), causality));
    }
    for (int i = 0; i < 3; i++) {
      int which = i;
      same(
          4 * tolerance,
          () -> {
            Tensor q = random(dtype, 3, 9, 8).mul(0.1).detach().requiresGrad_(which == 0);
            Tensor k = random(dtype, 3, 20, 8).mul(0.1).detach().requiresGrad_(which == 1);
            Tensor v = random(dtype, 3, 20, 5).mul(0.1).detach().requiresGrad_(which == 2);
            Tensor y = q.scaledDotProductAttention(k, v);
            y.mul(random(dtype, 3, 9, 5)).sum().backward();
            return (which == 0 ? q : which == 1 ? k : v).grad().orElseThrow();
          });
    }
  }

  @Test
  void attentionUnderAMask() {
    same(
        2e-4,
        () -> {
          Tensor mask = random(DType.FLOAT32, 2, 1, 9, 20).gt(0);
          return random(DType.FLOAT32, 2, 3, 9, 8)
              .scaledDotProductAttention(
                  random(DType.FLOAT32, 3, 20, 8), random(DType.FLOAT32, 2, 1, 20, 5), mask);
        });
    same(
        2e-4,
        () ->
            random(DType.FLOAT32, 9, 8)
                .scaledDotProductAttention(
                    random(DType.FLOAT32, 20, 8),
                    random(DType.FLOAT32, 20, 5),
                    random(DType.FLOAT32, 20)));
  }
}
