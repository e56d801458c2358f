package dev.proteus.backend.cpu.rows;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.INT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.CrossEntropyBackward;
import dev.proteus.op.Reduction;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// [CrossEntropyKernel] against the definitions.
final class CrossEntropyKernelTest {
  private static void check(CrossEntropy op, DType dtype, Lie lie, long... sizes) {
    Shape shape = Shape.of(sizes);
    Given x = Given.of(dtype, sizes).from(-6, 6).lying(lie);
    Lie targetLie = shape.rank() > 2 ? lie : Lie.CONTIGUOUS;
    Given target = new Given(shape.without(1), INT64, targetLie, 0, shape.size(1));
    Given weight = Given.of(dtype, shape.size(1)).from(0.5, 2);
    Shape losses = op.reduction() == Reduction.NONE ? target.shape() : Shape.SCALAR;
    Given g = Given.of(dtype, losses.toArray()).from(0.5, 2);
    Check.kernel(op, 1, x, target);
    Check.kernel(op, 2, x, target, weight);
    CrossEntropyBackward backward = new CrossEntropyBackward(op);
    Check.kernel(backward, 3, g, x, target);
    Check.kernel(backward, 4, g, x, target, weight);
  }

  @ParameterizedTest
  @EnumSource
  void everyReduction(Reduction reduction) {
    CrossEntropy op = CrossEntropy.MEAN.withReduction(reduction).withIgnoreIndex(3);
    check(op, FLOAT32, Lie.CONTIGUOUS, 70, 10);
    check(op, FLOAT32, Lie.CONTIGUOUS, 3, 40, 5);
    check(op.withLabelSmoothing(0.2), FLOAT32, Lie.CONTIGUOUS, 9, 37);
  }

  @ParameterizedTest
  @EnumSource(names = {"TRANSPOSED", "STEPPED", "EXPANDED", "CHANNELS_LAST"})
  void everyLayout(Lie lie) {
    CrossEntropy op = CrossEntropy.MEAN.withReduction(Reduction.NONE).withLabelSmoothing(0.1);
    check(op, FLOAT32, lie, 6, 20, 3, 4);
    check(op.withReduction(Reduction.MEAN), FLOAT32, lie, 19, 20);
  }

  @Test
  void halvesAndLongRows() {
    check(CrossEntropy.MEAN, BFLOAT16, Lie.CONTIGUOUS, 20, 10);
    check(CrossEntropy.MEAN, FLOAT16, Lie.TRANSPOSED, 20, 10);
    check(CrossEntropy.MEAN, FLOAT32, Lie.CONTIGUOUS, 3, 5000);
    check(CrossEntropy.MEAN.withReduction(Reduction.SUM), FLOAT32, Lie.CONTIGUOUS, 0, 10);
  }

  /// Rule 8.9.
  @Test
  void classOutOfRange() {
    Tensor x = Tensor.zeros(2, 3);
    Tensor target = Tensor.of(new long[] {1, 3});
    TensorIndexException error =
        assertThrows(TensorIndexException.class, () -> x.crossEntropy(target));
    assertEquals(
        "crossEntropy: index 3 is out of range for axis 1 of size 3; expected 0 to 2",
        error.getMessage());
  }
}
