package dev.proteus.backend.cpu.product;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;
import static dev.proteus.type.DType.INT8;
import static dev.proteus.type.DType.UINT8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.backend.cpu.fast.Check.Tolerance;
import dev.proteus.nn.quant.Int4Weight;
import dev.proteus.nn.quant.Int8Weight;
import dev.proteus.op.Int4Linear;
import dev.proteus.op.Int8Linear;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// [Int8LinearKernel] and [Int4LinearKernel] against the definitions: numbers of rows, sizes that
/// fill no vector, strides, types.
final class QuantizedLinearKernelsTest {
  private static final Int8Linear INT8_OP = new Int8Linear();
  private static final Int4Linear INT4_OP = new Int4Linear();

  private static Given codes(long out, long in) {
    return Given.of(INT8, out, in).from(-127, 128);
  }

  private static Given pairs(long out, long in) {
    return Given.of(UINT8, out, 16 * Int4Linear.blocks(in)).from(0, 256);
  }

  private static void int8(DType dtype, long out, Given x) {
    long in = x.shape().size(-1);
    Given scale = Given.of(FLOAT32, out).from(0.0005, 0.01);
    Given bias = Given.of(dtype, out).lying(Lie.STEPPED);
    Tolerance near = Tolerance.of(dtype);
    Check.kernel(INT8_OP, in, near, x, codes(out, in), scale);
    Check.kernel(INT8_OP, out, near, x, codes(out, in), scale.lying(Lie.STEPPED), bias);
  }

  private static void int4(DType dtype, long out, Given x) {
    long in = x.shape().size(-1);
    Given scale = Given.of(FLOAT16, out, Int4Linear.blocks(in)).from(0.01, 0.1);
    Given minimum = Given.of(FLOAT16, out, Int4Linear.blocks(in));
    Given bias = Given.of(dtype, out).lying(Lie.STEPPED);
    Tolerance near = Tolerance.of(dtype);
    Check.kernel(INT4_OP, in, near, x, pairs(out, in), scale, minimum);
    Given turned = scale.lying(Lie.TRANSPOSED);
    Check.kernel(INT4_OP, out, near, x, pairs(out, in), turned, minimum, bias);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 15, 16, 17, 31, 32, 33, 70, 100})
  void sizesThatFillNoVector(long in) {
    for (long out : new long[] {1, 3, 4, 67, 130}) {
      int8(FLOAT32, out, Given.of(FLOAT32, 1, in));
      int8(FLOAT32, out, Given.of(FLOAT32, 3, in));
      int4(FLOAT32, out, Given.of(FLOAT32, 1, in));
      int4(FLOAT32, out, Given.of(FLOAT32, 5, in));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyNumberOfFewRows(long rows) {
    int8(FLOAT32, 9, Given.of(FLOAT32, rows, 45));
    int4(FLOAT32, 9, Given.of(FLOAT32, rows, 45));
  }

  @Test
  void halvesAreRoundedOnce() {
    for (DType dtype : new DType[] {BFLOAT16, FLOAT16}) {
      int8(dtype, 9, Given.of(dtype, 2, 45));
      int4(dtype, 9, Given.of(dtype, 2, 45));
    }
  }

  @Test
  void rowsOfAnyLayout() {
    for (Lie lie : new Lie[] {Lie.TRANSPOSED, Lie.STEPPED, Lie.EXPANDED}) {
      int8(FLOAT32, 9, Given.of(FLOAT32, 2, 3, 45).lying(lie));
      int4(FLOAT32, 9, Given.of(FLOAT32, 2, 3, 45).lying(lie));
    }
    int8(FLOAT32, 5, Given.of(FLOAT32, 20));
    int4(FLOAT32, 5, Given.of(FLOAT32, 20));
  }

  @Test
  void codesOfAnyLayout() {
    for (Lie lie : new Lie[] {Lie.TRANSPOSED, Lie.STEPPED}) {
      Given scale = Given.of(FLOAT32, 6).from(0.0005, 0.01);
      Check.kernel(INT8_OP, 1, Given.of(FLOAT32, 2, 40), codes(6, 40).lying(lie), scale);
      Given each = Given.of(FLOAT32, 6, 2).from(0.01, 0.1);
      Check.kernel(INT4_OP, 2, Given.of(FLOAT32, 2, 40), pairs(6, 40).lying(lie), each, each);
    }
  }

  @Test
  void noResults() {
    Given x = Given.of(FLOAT32, 2, 40);
    Check.kernel(INT8_OP, 1, x, codes(0, 40), Given.of(FLOAT32, 0));
    Given each = Given.of(FLOAT32, 0, 2);
    Check.kernel(INT4_OP, 1, x, pairs(0, 40), each, each);
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 40})
  void manyRowsByStripsOfTheWeight(long rows) {
    for (DType dtype : new DType[] {FLOAT32, BFLOAT16}) {
      int8(dtype, 70, Given.of(dtype, rows, 45));
      int4(dtype, 70, Given.of(dtype, rows, 45));
      int4(dtype, 5, Given.of(dtype, rows, 3, 45).lying(Lie.TRANSPOSED));
    }
  }

  /// A million floats and more are two strips.
  @Test
  void twoStrips() {
    long wide = 20_000;
    Given x = Given.of(FLOAT32, 9, wide).from(-0.01, 0.01);
    Check.kernel(INT8_OP, 1, x, codes(60, wide), Given.of(FLOAT32, 60).from(0.0005, 0.01));
    Given each = Given.of(FLOAT16, 60, Int4Linear.blocks(wide)).from(0.01, 0.1);
    Check.kernel(INT4_OP, 1, x, pairs(60, wide), each, each);
  }

  @Test
  void float64AndNoRowsAreLeftToTheDefinition() {
    assertTrue(QuantizedLinear.accepts(new TensorSpec(Shape.of(8, 5), FLOAT32, Device.CPU)));
    assertFalse(QuantizedLinear.accepts(new TensorSpec(Shape.of(1, 5), FLOAT64, Device.CPU)));
    assertFalse(QuantizedLinear.accepts(new TensorSpec(Shape.of(0, 5), FLOAT32, Device.CPU)));
    assertFalse(QuantizedLinear.accepts(new TensorSpec(Shape.of(3, 0), FLOAT32, Device.CPU)));
  }

  /// Whole tensors of the kinds, for few rows and for many, on this device and on the reference.
  @ParameterizedTest
  @ValueSource(longs = {1, 8, 40})
  void weightsAgreeWithTheReference(long rows) {
    Tensor w = random(50, 77);
    Tensor x = random(rows, 77);
    for (Tensor q : List.of(Int8Weight.quantize(w), Int4Weight.quantize(w))) {
      Tensor right = x.to(ReferenceProvider.DEVICE).linear(q.to(ReferenceProvider.DEVICE));
      Tensor met = x.to(Device.CPU).linear(q.to(Device.CPU));
      assertArrayEquals(right.toDoubleArray(), met.toDoubleArray(), 2e-4);
    }
  }

  private static Tensor random(long... sizes) {
    return Scope.withGenerator(new Generator(3), () -> Tensor.randn(sizes));
  }
}
