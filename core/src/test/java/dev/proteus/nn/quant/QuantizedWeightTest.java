package dev.proteus.nn.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Interpreter;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tensors of the two kinds: how near they are to what they were made of, and what operators make
/// of them.
class QuantizedWeightTest {
  /// The kinds, for tests of what they have in common.
  enum Format {
    INT8(Int8Weight.KIND, Int8Weight::quantize),
    INT4(Int4Weight.KIND, Int4Weight::quantize);

    final Kind<?> kind;
    final UnaryOperator<Tensor> quantize;

    Format(Kind<?> kind, UnaryOperator<Tensor> quantize) {
      this.kind = kind;
      this.quantize = quantize;
    }
  }

  private static Tensor random(long... sizes) {
    return Scope.withGenerator(new Generator(3), () -> Tensor.randn(sizes));
  }

  private static double[] plain(Tensor tensor) {
    return tensor.to(DType.FLOAT64).toDoubleArray();
  }

  // ---- errors of quantization

  @Test
  void int8IsOffByHalfAScaleAtMost() {
    Tensor w = random(5, 37).mul(Tensor.of(new double[] {1e-6, 1, 30, 1e6, 0}, 5, 1));
    Tensor q = Int8Weight.quantize(w);
    double[] scale = Int8Weight.KIND.unwrap(q).orElseThrow().scale().toDoubleArray();
    double[] given = w.toDoubleArray();
    double[] kept = q.toDoubleArray();
    for (int i = 0; i < given.length; i++) {
      double bound = scale[i / 37] * 0.50001;
      assertTrue(Math.abs(given[i] - kept[i]) <= bound, given[i] + " became " + kept[i]);
    }
    assertEquals(0, scale[4]);
  }

  @Test
  void int8KeepsItsValuesSymmetric() {
    Tensor q = Int8Weight.quantize(Tensor.of(new double[][] {{-2, 2, 1, 0}}));
    Int8Weight value = Int8Weight.KIND.unwrap(q).orElseThrow();
    assertArrayEquals(new long[] {-127, 127, 64, 0}, value.values().toLongArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 31, 32, 33, 784})
  void int4IsOffByHalfAStepAtMost(long in) {
    Tensor factors = Tensor.of(new double[] {1e-3, 1, 30, 1e3, 0}, 5, 1);
    Tensor w = random(5, in).mul(factors).add(Tensor.of(new double[] {0, 50, 0, -7, 3}, 5, 1));
    Tensor q = Int4Weight.quantize(w);
    Tensor steps = Int4Weight.KIND.unwrap(q).orElseThrow().scale();
    double[] step = plain(steps);
    double[] given = w.toDoubleArray();
    double[] kept = q.toDoubleArray();
    for (int i = 0; i < given.length; i++) {
      int row = (int) (i / in);
      double bound = step[(int) (row * steps.size(1) + i % in / 32)] * 0.5001 + 1e-6;
      assertTrue(Math.abs(given[i] - kept[i]) <= bound, given[i] + " became " + kept[i]);
    }
  }

  @Test
  void int4TakesFiveBitsAnElementAndKeepsZerosExactly() {
    Tensor q = Int4Weight.quantize(Tensor.zeros(4, 64));
    assertEquals(4 * 64 * 5 / 8, QuantizationReport.bytes(q));
    assertArrayEquals(new double[256], q.toDoubleArray());
  }

  @Test
  void int4LaysTwoCodesIntoAByte() {
    double[] row = new double[32];
    for (int i = 0; i < 32; i++) {
      row[i] = i % 16;
    }
    row[16] = 15;
    Tensor codes =
        Int4Weight.KIND.unwrap(Int4Weight.quantize(Tensor.of(row, 1, 32))).orElseThrow().values();
    assertEquals(Shape.of(1, 16), codes.shape());
    assertEquals(DType.UINT8, codes.dtype());
    long[] bytes = codes.toLongArray();
    assertEquals(15 << 4, bytes[0]);
    for (int i = 1; i < 16; i++) {
      assertEquals(i << 4 | i, bytes[i]);
    }
  }

  // ---- what is refused

  @ParameterizedTest
  @EnumSource(Format.class)
  void whatIsNoFloatingMatrixIsRefused(Format format) {
    assertThrows(DTypeException.class, () -> format.quantize.apply(Tensor.arange(4).reshape(2, 2)));
    assertThrows(ShapeException.class, () -> format.quantize.apply(random(4)));
    assertThrows(ShapeException.class, () -> format.quantize.apply(random(4, 0)));
    Tensor infinite = Tensor.of(new double[][] {{1, Double.POSITIVE_INFINITY}});
    assertThrows(IllegalArgumentException.class, () -> format.quantize.apply(infinite));
    Tensor q = format.quantize.apply(random(4, 4));
    assertThrows(DTypeException.class, () -> q.to(DType.INT32));
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    Tensor values = Tensor.zeros(Shape.of(3, 4), DType.INT8);
    Tensor scale = Tensor.ones(2);
    assertThrows(ShapeException.class, () -> new Int8Weight(values, scale, DType.FLOAT32));
    assertThrows(DTypeException.class, () -> new Int8Weight(scale, scale, DType.FLOAT32));
    Tensor large = Tensor.of(new double[][] {{1e5}});
    var error = assertThrows(IllegalArgumentException.class, () -> Int4Weight.quantize(large));
    assertTrue(String.valueOf(error.getMessage()).contains("float16"), error::getMessage);
  }

  // ---- operators

  @ParameterizedTest
  @EnumSource(Format.class)
  void linearIsThatOfThePlainWeight(Format format) {
    Tensor q = format.quantize.apply(random(3, 40));
    Tensor plain = q.mul(1);
    assertTrue(Kind.of(plain).isEmpty());
    Tensor x = random(2, 40);
    Tensor bias = random(3);
    assertArrayEquals(
        x.linear(plain, bias).toDoubleArray(), x.linear(q, bias).toDoubleArray(), 1e-4);
    assertArrayEquals(x.linear(plain).toDoubleArray(), x.linear(q).toDoubleArray(), 1e-4);
    Tensor y = random(7, 40);
    assertArrayEquals(q.linear(y).toDoubleArray(), plain.linear(y).toDoubleArray(), 1e-4);
    assertArrayEquals(q.linear(q).toDoubleArray(), plain.linear(plain).toDoubleArray(), 1e-3);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void linearRunsOnTheCodes(Format format) {
    List<String> seen = new ArrayList<>();
    Interpreter watch =
        call -> {
          seen.add(call.op().name());
          return call.proceed();
        };
    Tensor q = format.quantize.apply(random(3, 40).to(DType.BFLOAT16));
    Tensor x = random(2, 40).to(DType.BFLOAT16);
    Tensor y = Scope.with(watch, () -> x.linear(q));
    assertEquals(List.of("linear"), seen);
    assertEquals(DType.BFLOAT16, y.dtype());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void theGradientOfTheInputIsThatThroughThePlainWeight(Format format) {
    Tensor q = format.quantize.apply(random(3, 40));
    Tensor x = random(2, 40).requiresGrad_(true);
    x.linear(q).square().sum().backward();
    Tensor same = random(2, 40).requiresGrad_(true);
    same.linear(q.mul(1)).square().sum().backward();
    assertArrayEquals(
        same.grad().orElseThrow().toDoubleArray(), x.grad().orElseThrow().toDoubleArray(), 1e-3);
  }

  // ---- conversion

  @ParameterizedTest
  @EnumSource(Format.class)
  void aCastChangesWhatIsShownAndCopiesTheCodes(Format format) {
    Tensor q = format.quantize.apply(random(3, 40));
    Tensor half = q.to(DType.BFLOAT16);
    assertSame(format.kind, Kind.of(half).orElseThrow());
    assertEquals(DType.BFLOAT16, half.dtype());
    assertEquals(Shape.of(3, 40), half.shape());
    Tensor codes = format.kind.parts(q).tensor("values");
    Tensor same = format.kind.parts(half).tensor("values");
    assertEquals(codes.dtype(), same.dtype());
    assertFalse(codes.sharesStorageWith(same));
    assertArrayEquals(codes.toLongArray(), same.toLongArray());
    assertArrayEquals(plain(q), plain(half.to(DType.FLOAT32)), 0);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void itNeedsNoDataOnMeta(Format format) {
    Tensor skeleton = format.quantize.apply(random(3, 40).to(Device.META));
    assertSame(format.kind, Kind.of(skeleton).orElseThrow());
    Tensor y = random(2, 40).to(Device.META).linear(skeleton);
    assertEquals(Shape.of(2, 3), y.shape());
  }
}
