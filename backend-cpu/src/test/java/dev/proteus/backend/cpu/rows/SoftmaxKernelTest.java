package dev.proteus.backend.cpu.rows;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;

import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.op.LogSoftmax;
import dev.proteus.op.LogSoftmaxBackward;
import dev.proteus.op.Softmax;
import dev.proteus.op.SoftmaxBackward;
import dev.proteus.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// [SoftmaxKernel] against the definitions, along every axis.
final class SoftmaxKernelTest {
  private static void check(DType dtype, Lie lie, int axis, long... sizes) {
    Given x = Given.of(dtype, sizes).from(-8, 8).lying(lie);
    Given y = Given.of(dtype, sizes).from(0, 1).lying(lie);
    Given g = Given.of(dtype, sizes);
    Check.kernel(new Softmax(axis), 1, x);
    Check.kernel(new LogSoftmax(axis), 2, x);
    Check.kernel(new SoftmaxBackward(axis), 3, y, g);
    Check.kernel(new LogSoftmaxBackward(axis), 4, x.from(-4, 0), g);
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTIGUOUS", "TRANSPOSED", "STEPPED", "EXPANDED"})
  void alongEveryAxis(Lie lie) {
    for (int axis = 0; axis < 3; axis++) {
      check(FLOAT32, lie, axis, 5, 19, 37);
    }
    check(FLOAT32, lie, 0, 70, 33);
    check(FLOAT32, lie, 1, 40, 129);
  }

  @Test
  void shortAndSmall() {
    check(FLOAT32, Lie.CONTIGUOUS, 0, 1);
    check(FLOAT32, Lie.CONTIGUOUS, 0, 7);
    check(FLOAT32, Lie.CONTIGUOUS, 1, 3, 0);
    check(FLOAT32, Lie.CONTIGUOUS, 0, 0, 3);
  }

  @Test
  void longRows() {
    check(FLOAT32, Lie.CONTIGUOUS, 1, 3, 9000);
  }

  @Test
  void halves() {
    check(BFLOAT16, Lie.CONTIGUOUS, 1, 9, 40);
    check(FLOAT16, Lie.TRANSPOSED, 0, 9, 40);
  }

  @Test
  void extremes() {
    Check.kernel(new Softmax(1), 5, Given.of(FLOAT32, 4, 20).from(900, 1000));
    Check.kernel(new LogSoftmax(1), 6, Given.of(FLOAT32, 4, 20).from(-1e30, 1e30));
  }
}
