package dev.proteus.backend.cpu.product;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;
import static dev.proteus.type.DType.INT16;
import static dev.proteus.type.DType.INT32;
import static dev.proteus.type.DType.INT64;
import static dev.proteus.type.DType.INT8;
import static dev.proteus.type.DType.UINT8;

import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.op.MatMul;
import dev.proteus.type.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// [MatMulKernel] against the definition: tile edges, depths beyond one packed block, strides,
/// batches, types.
final class MatMulKernelTest {
  private static final MatMul OP = new MatMul();

  private static void check(DType dtype, Lie left, Lie right, long m, long k, long n) {
    Check.kernel(
        OP,
        m * 31 + k * 7 + n,
        Given.of(dtype, m, k).lying(left),
        Given.of(dtype, k, n).lying(right));
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTIGUOUS", "TRANSPOSED", "STEPPED", "EXPANDED"})
  void tileEdgesOfEveryLayout(Lie right) {
    for (Lie left : new Lie[] {Lie.CONTIGUOUS, Lie.TRANSPOSED, Lie.STEPPED}) {
      check(FLOAT32, left, right, 7, 5, 33);
      check(FLOAT32, left, right, 17, 40, 70);
      check(FLOAT64, left, right, 9, 19, 21);
    }
  }

  @Test
  void sumsLongerThanOnePackedBlock() {
    check(FLOAT32, Lie.CONTIGUOUS, Lie.CONTIGUOUS, 10, 700, 40);
    check(FLOAT64, Lie.TRANSPOSED, Lie.CONTIGUOUS, 10, 520, 20);
    check(BFLOAT16, Lie.CONTIGUOUS, Lie.TRANSPOSED, 4, 600, 5);
  }

  @Test
  void manyBlocks() {
    check(FLOAT32, Lie.CONTIGUOUS, Lie.TRANSPOSED, 150, 12, 550);
    check(FLOAT64, Lie.CONTIGUOUS, Lie.CONTIGUOUS, 300, 9, 70);
  }

  @Test
  void rowByMatrixAndMatrixByColumn() {
    for (Lie lie : new Lie[] {Lie.CONTIGUOUS, Lie.TRANSPOSED, Lie.STEPPED}) {
      check(FLOAT32, Lie.CONTIGUOUS, lie, 1, 130, 600);
      check(FLOAT32, lie, Lie.CONTIGUOUS, 77, 45, 1);
      check(FLOAT32, lie, lie, 1, 9, 1);
      check(FLOAT64, Lie.CONTIGUOUS, lie, 1, 13, 6);
    }
  }

  @Test
  void batchesBroadcast() {
    Check.kernel(OP, 1, Given.of(FLOAT32, 3, 1, 5, 7), Given.of(FLOAT32, 4, 7, 9));
    Check.kernel(OP, 2, Given.of(FLOAT32, 6, 20, 7), Given.of(FLOAT32, 7, 40));
    Check.kernel(OP, 3, Given.of(FLOAT32, 5, 7), Given.of(FLOAT32, 2, 3, 7, 9));
    Check.kernel(
        OP,
        4,
        Given.of(FLOAT32, 3, 8, 6).lying(Lie.EXPANDED),
        Given.of(FLOAT32, 3, 6, 10).lying(Lie.TRANSPOSED));
    Check.kernel(OP, 5, Given.of(FLOAT64, 4, 1, 6), Given.of(FLOAT64, 4, 6, 10));
  }

  @Test
  void halvesAreRoundedOnce() {
    check(BFLOAT16, Lie.CONTIGUOUS, Lie.CONTIGUOUS, 20, 33, 35);
    check(FLOAT16, Lie.TRANSPOSED, Lie.CONTIGUOUS, 20, 33, 35);
    check(BFLOAT16, Lie.STEPPED, Lie.TRANSPOSED, 1, 40, 70);
  }

  @Test
  void integersWrap() {
    Random random = new Random(5);
    for (DType dtype : new DType[] {INT64, INT32, INT16, INT8, UINT8}) {
      Given a = Given.of(dtype, 2, 5, 9).from(dtype == UINT8 ? 0 : -120, 120);
      Given b = Given.of(dtype, 9, 530).from(dtype == UINT8 ? 0 : -120, 120);
      Check.kernel(OP, random.nextLong(), a, b.lying(Lie.TRANSPOSED));
    }
  }

  @Test
  void emptySizes() {
    check(FLOAT32, Lie.CONTIGUOUS, Lie.CONTIGUOUS, 0, 4, 3);
    check(FLOAT32, Lie.CONTIGUOUS, Lie.CONTIGUOUS, 4, 0, 3);
    check(FLOAT64, Lie.CONTIGUOUS, Lie.CONTIGUOUS, 1, 0, 3);
    check(INT32, Lie.CONTIGUOUS, Lie.CONTIGUOUS, 2, 0, 3);
    Check.kernel(OP, 5, Given.of(FLOAT32, 0, 2, 3), Given.of(FLOAT32, 3, 4));
  }
}
