package dev.proteus.backend.cpu.product;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;

import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.op.Linear;
import dev.proteus.type.DType;
import org.junit.jupiter.api.Test;

/// [LinearKernel] against the definition.
final class LinearKernelTest {
  private static final Linear OP = new Linear();

  @Test
  void withAndWithoutBias() {
    for (DType dtype : new DType[] {FLOAT32, FLOAT64, BFLOAT16}) {
      Given w = Given.of(dtype, 40, 13);
      Given bias = Given.of(dtype, 40).lying(Lie.STEPPED);
      Check.kernel(OP, 1, Given.of(dtype, 19, 13), w, bias);
      Check.kernel(OP, 2, Given.of(dtype, 19, 13), w);
      Check.kernel(OP, 3, Given.of(dtype, 2, 3, 13).lying(Lie.TRANSPOSED), w, bias);
    }
  }

  @Test
  void oneRow() {
    Given w = Given.of(FLOAT32, 300, 70);
    Given bias = Given.of(FLOAT32, 300);
    Check.kernel(OP, 4, Given.of(FLOAT32, 70), w, bias);
    Check.kernel(OP, 5, Given.of(FLOAT32, 1, 70), w.lying(Lie.TRANSPOSED), bias);
    Check.kernel(OP, 6, Given.of(FLOAT32, 1, 1, 70), w);
    Check.kernel(OP, 7, Given.of(FLOAT32, 9, 70), Given.of(FLOAT32, 1, 70), Given.of(FLOAT32, 1));
  }

  @Test
  void noRows() {
    Check.kernel(OP, 8, Given.of(FLOAT32, 0, 4), Given.of(FLOAT32, 3, 4), Given.of(FLOAT32, 3));
  }
}
