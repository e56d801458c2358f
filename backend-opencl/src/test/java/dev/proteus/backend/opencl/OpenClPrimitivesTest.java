package dev.proteus.backend.opencl;

import static dev.proteus.backend.opencl.WithDevice.DEVICE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.TensorIndexException;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The kernels of the four primitives against the reference backend, in the layouts and types for
/// which they differ.
class OpenClPrimitivesTest {
  @BeforeAll
  static void device() {
    WithDevice.check();
  }

  /// The same on the device and on the reference backend, to so much of the larger of 1 and the
  /// value.
  static void same(double tolerance, Supplier<Tensor> made) {
    Tensor expected = Scope.on(ReferenceProvider.DEVICE, made);
    Tensor actual = Scope.on(DEVICE, made);
    assertEquals(DEVICE, actual.device());
    assertEquals(expected.dtype(), actual.dtype());
    assertEquals(expected.shape(), actual.shape());
    double[] wanted = expected.toDoubleArray();
    double[] got = actual.toDoubleArray();
    for (int i = 0; i < wanted.length; i++) {
      double allowed = tolerance * Math.max(1, Math.abs(wanted[i]));
      boolean isSame =
          Double.compare(wanted[i], got[i]) == 0 || Math.abs(wanted[i] - got[i]) <= allowed;
      assertTrue(isSame, "element " + i + ": " + got[i] + " should be " + wanted[i]);
    }
  }

  /// Operands of the current device with the very same values on each.
  static Tensor random(DType dtype, long... sizes) {
    WithDevice.checkComputes(dtype);
    Supplier<Tensor> drawn = () -> Tensor.randn(sizes).mul(5).to(dtype);
    return Scope.on(ReferenceProvider.DEVICE, () -> Scope.withGenerator(new Generator(7), drawn))
        .to(Scope.device());
  }

  // ---- maps

  @ParameterizedTest
  @EnumSource(DType.class)
  void sumsAndChoicesInAllTypes(DType dtype) {
    same(
        0,
        () -> {
          Tensor a = random(dtype, 3, 5);
          return a.add(a.flip(0)).where(a.ge(0), a);
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void functions(DType dtype) {
    UnaryOperator<Tensor> all =
        x -> x.exp().add(x.tanh()).add(x.erf()).add(x.abs().add(1).log()).add(x.sigmoid());
    same(dtype == DType.FLOAT64 ? 1e-14 : 1e-6, () -> all.apply(random(dtype, 40)));
  }

  @Test
  void layouts() {
    same(0, () -> random(DType.FLOAT32, 4, 6).t().add(random(DType.FLOAT32, 4)));
    same(0, () -> random(DType.FLOAT32, 2, 3, 4).permute(2, 0, 1).mul(random(DType.FLOAT32, 3)));
    same(0, () -> random(DType.FLOAT32, 7, 9).slice(0, 1, 6, 2).slice(1, 2, 9, 3).neg());
    same(0, () -> random(DType.FLOAT32, 1).expand(5, 4).add(1));
    same(0, () -> Tensor.scalar(3.0).mul(2));
    same(0, () -> Tensor.zeros(0, 3).add(1));
  }

  @Test
  void dt21_dt23IntegersDivideAndGrowAsInJava() {
    same(
        0,
        () -> {
          Tensor a = Tensor.of(-7L, 7, -7, 7, Long.MIN_VALUE);
          Tensor b = Tensor.of(2L, -2, -2, 2, -1);
          return a.floorDivide(b).add(a.remainder(b)).add(a.pow(3)).add(a.fmod(b));
        });
  }

  @Test
  void dt22DivisionByZeroIsAnErrorAndTheNextCallIsNot() {
    Scope.on(
        DEVICE,
        () -> {
          Tensor a = Tensor.of(1L, 2);
          assertThrows(ArithmeticException.class, () -> a.floorDivide(Tensor.of(1L, 0)));
          assertArrayEquals(new double[] {1, 1}, a.floorDivide(Tensor.of(1L, 2)).toDoubleArray());
          return a;
        });
  }

  @Test
  void randomNumbersAreThoseOfAllDevices() {
    same(0, () -> Scope.withGenerator(new Generator(3), () -> Tensor.rand(100)));
    same(1e-6, () -> Scope.withGenerator(new Generator(3), () -> Tensor.randn(100)));
  }

  @Test
  void writesInPlace() {
    same(
        0,
        () -> {
          Tensor a = random(DType.FLOAT32, 4, 4).clone();
          a.t().mul_(2);
          a.select(0, 1).zero_();
          return a.add_(a);
        });
  }

  // ---- folds

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "BFLOAT16", "INT32", "UINT8"})
  void folds(DType dtype) {
    double tolerance = dtype == DType.FLOAT64 ? 1e-14 : dtype.isHalf() ? 1e-2 : 1e-5;
    same(tolerance, () -> random(dtype, 5, 40).sum(1));
    same(tolerance, () -> random(dtype, 5, 40).sum(0));
    same(0, () -> random(dtype, 5, 40).amax(1));
    same(0, () -> random(dtype, 5, 40).t().amin(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 15, 16, 17, 8191, 8192, 8193, 100_000})
  void foldsOfAnyLength(long length) {
    same(1e-4, () -> random(DType.FLOAT32, length).sum());
    same(0, () -> random(DType.FLOAT32, length).amax());
  }

  @Test
  void foldsOfSeveralAxes() {
    same(1e-5, () -> random(DType.FLOAT32, 3, 50, 60, 2).sum(1, 2));
    same(1e-5, () -> random(DType.FLOAT32, 3, 50, 60, 2).permute(3, 1, 0, 2).sum(0, 2));
    same(0, () -> Tensor.zeros(3, 0).sum(1));
  }

  /// Neighbouring results are folded together.
  @ParameterizedTest
  @ValueSource(longs = {1, 15, 16, 31, 32, 33, 100})
  void foldsDownColumns(long columns) {
    for (long rows : new long[] {2, 511, 512, 513, 2000}) {
      same(1e-3, () -> random(DType.FLOAT32, rows, columns).sum(0));
    }
    same(0, () -> random(DType.INT32, 600, columns).sum(0));
    same(0, () -> random(DType.BFLOAT16, 600, columns).amax(0));
    same(1e-4, () -> random(DType.FLOAT32, 3, 40, 50, columns).sum(1, 2));
    same(1e-4, () -> random(DType.FLOAT32, 30, 4, 50, columns).sum(0, 2));
    same(1e-4, () -> random(DType.FLOAT32, 40, columns).mul(random(DType.FLOAT32, 40, 1)).sum(0));
    same(1e-4, () -> random(DType.FLOAT32, 3, 40, 6, columns).slice(3, 0, columns, 2).mean(1));
    same(1e-4, () -> random(DType.FLOAT32, 3, columns, 40).transpose(1, 2).var(1));
  }

  @Test
  void dt25NaNGoesThroughTheLargest() {
    same(0, () -> Tensor.of(1.0, Double.NaN, 3.0).amax());
    same(0, () -> Tensor.of(Double.NaN, 1.0, 3.0).amin());
  }

  @Test
  void compositesAreTheirDefinitions() {
    same(1e-5, () -> random(DType.FLOAT32, 6, 9).matmul(random(DType.FLOAT32, 9, 4)));
    same(1e-5, () -> random(DType.FLOAT32, 6, 9).softmax(1));
    same(0, () -> random(DType.FLOAT32, 6, 9).argmax(1));
    same(0, () -> random(DType.FLOAT32, 20).sort(0).values());
  }

  // ---- indices

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16", "INT64", "INT8", "BOOL"})
  void readsAndWritesAtIndices(DType dtype) {
    same(0, () -> random(dtype, 5, 4).t().gather(1, Tensor.of(new long[][] {{4, 0}, {1, 1}})));
    same(
        0,
        () ->
            random(dtype, 5, 4)
                .scatter(0, Tensor.of(new long[][] {{1, 2}, {1, 0}}), random(dtype, 2, 2)));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "BFLOAT16", "INT32"})
  void sumsAtRepeatedIndices(DType dtype) {
    same(
        1e-2,
        () -> random(dtype, 4).scatterAdd(0, Tensor.of(0L, 0, 3, 0), Tensor.ones(4).to(dtype)));
  }

  @Test
  void ix7AnIndexOutsideIsNamedAndNothingIsWritten() {
    Scope.on(
        DEVICE,
        () -> {
          Tensor a = Tensor.of(0.0, 1, 2);
          var error =
              assertThrows(TensorIndexException.class, () -> a.gather(0, Tensor.of(0L, 5, 1)));
          assertTrue(String.valueOf(error.getMessage()).contains("5"), error::toString);
          assertThrows(
              TensorIndexException.class, () -> a.scatter_(0, Tensor.of(1L, 9), Tensor.ones(2)));
          assertArrayEquals(new double[] {0, 1, 2}, a.toDoubleArray());
          return a;
        });
  }

  /// Each call has its own word for errors: one that fails beside it does not make it fail.
  @Test
  void ix7_dt22ErrorsAreThoseOfTheirOwnCall() throws InterruptedException {
    List<Throwable> wrong = new CopyOnWriteArrayList<>();
    Thread failing =
        Thread.ofPlatform()
            .start(() ->
                repeat(
                    wrong,
                    () -> {
                      Tensor one = Tensor.of(1L);
                      assertThrows(ArithmeticException.class, () -> one.floorDivide(Tensor.of(0L)));
                      assertThrows(TensorIndexException.class, () -> one.gather(0, Tensor.of(7L)));
                    }));
    repeat(
        wrong,
        () -> {
          Tensor two = Tensor.of(2L, 4);
          assertArrayEquals(new double[] {1, 2}, two.floorDivide(Tensor.of(2L)).toDoubleArray());
          assertArrayEquals(new double[] {4}, two.gather(0, Tensor.of(1L)).toDoubleArray());
        });
    failing.join();
    assertEquals(List.of(), wrong);
  }

  private static void repeat(List<Throwable> wrong, Runnable calls) {
    try {
      for (int i = 0; i < 200; i++) {
        Scope.on(
            DEVICE,
            () -> {
              Scope.memory(calls);
              return calls;
            });
      }
    } catch (RuntimeException | AssertionError e) {
      wrong.add(e);
    }
  }
}
