package dev.proteus.backend.cpu.rows;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT32;

import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.backend.cpu.fast.Check.Tolerance;
import dev.proteus.op.BatchNorm;
import dev.proteus.op.BatchNormBackward;
import dev.proteus.op.GroupNorm;
import dev.proteus.op.LayerNorm;
import dev.proteus.op.LayerNormBackward;
import dev.proteus.op.RmsNorm;
import dev.proteus.op.RmsNormBackward;
import dev.proteus.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// [NormKernel] and [BatchNormKernel] against the definitions.
final class NormKernelsTest {
  private static final double EPS = 1e-5;

  private static void rows(DType dtype, Lie lie, int axes, long[] row, long... sizes) {
    Given x = Given.of(dtype, sizes).from(-1, 3).lying(lie);
    Given g = Given.of(dtype, sizes);
    Given w = Given.of(dtype, row);
    Check.kernel(new LayerNorm(axes, EPS), 1, x);
    Check.kernel(new LayerNorm(axes, EPS), 2, x, w);
    Check.kernel(new LayerNorm(axes, EPS), 3, x, w, w);
    Check.kernel(new RmsNorm(axes, EPS), 4, x, w);
    Check.kernel(new RmsNorm(axes, EPS), 5, x);
    Tolerance sums = dtype == FLOAT32 ? new Tolerance(2e-4, 1e-4) : new Tolerance(5e-2, 5e-2);
    Check.kernel(new LayerNormBackward(axes, EPS), 6, sums, g, x);
    Check.kernel(new LayerNormBackward(axes, EPS), 7, sums, g, x, w);
    Check.kernel(new RmsNormBackward(axes, EPS), 8, sums, g, x);
    Check.kernel(new RmsNormBackward(axes, EPS), 9, sums, g, x, w);
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTIGUOUS", "TRANSPOSED", "STEPPED"})
  void rowsOfEveryLayout(Lie lie) {
    rows(FLOAT32, lie, 1, new long[] {37}, 5, 6, 37);
    rows(FLOAT32, lie, 2, new long[] {9, 21}, 40, 9, 21);
  }

  @Test
  void manyRowsAndHalves() {
    rows(FLOAT32, Lie.CONTIGUOUS, 1, new long[] {130}, 300, 130);
    rows(BFLOAT16, Lie.CONTIGUOUS, 1, new long[] {40}, 20, 40);
    rows(FLOAT32, Lie.CONTIGUOUS, 1, new long[] {5}, 0, 5);
  }

  @Test
  void groups() {
    Given w = Given.of(FLOAT32, 6);
    for (Lie lie : new Lie[] {Lie.CONTIGUOUS, Lie.CHANNELS_LAST}) {
      Given x = Given.of(FLOAT32, 3, 6, 5, 7).lying(lie);
      Check.kernel(new GroupNorm(2, EPS), 1, x);
      Check.kernel(new GroupNorm(3, EPS), 2, x, w);
      Check.kernel(new GroupNorm(6, EPS), 3, x, w, w);
    }
    Check.kernel(new GroupNorm(2, EPS), 4, Given.of(FLOAT32, 4, 6), w, w);
  }

  private static void channels(DType dtype, Lie lie, long... sizes) {
    Given x = Given.of(dtype, sizes).from(-1, 3).lying(lie);
    Given c = Given.of(dtype, sizes[1]);
    Given mean = Given.of(dtype.accumulator(), sizes[1]);
    Given variance = mean.from(0.2, 2);
    Check.kernel(new BatchNorm(EPS), 1, x);
    Check.kernel(new BatchNorm(EPS), 2, x, c);
    Check.kernel(new BatchNorm(EPS), 3, x, c, c);
    Tolerance sums = dtype == FLOAT32 ? new Tolerance(1e-3, 1e-4) : new Tolerance(5e-2, 5e-2);
    Given g = Given.of(dtype, sizes);
    Check.kernel(new BatchNormBackward(EPS), 4, sums, g, mean, mean, x, mean, variance);
    Check.kernel(new BatchNormBackward(EPS), 5, sums, g, mean, mean, x, mean, variance, c);
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTIGUOUS", "CHANNELS_LAST", "STEPPED"})
  void channelsOfEveryLayout(Lie lie) {
    channels(FLOAT32, lie, 4, 5, 6, 7);
    channels(FLOAT32, lie, 40, 19);
    channels(FLOAT32, lie, 7, 3, 2);
  }

  @Test
  void piecesOfChannels() {
    channels(FLOAT32, Lie.CONTIGUOUS, 3, 2, 200, 100);
    channels(FLOAT32, Lie.CONTIGUOUS, 3000, 20);
    channels(BFLOAT16, Lie.CONTIGUOUS, 5, 3, 8);
  }
}
