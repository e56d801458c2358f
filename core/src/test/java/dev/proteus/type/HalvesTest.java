package dev.proteus.type;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT16;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The 16-bit formats: all values there and back, and rounding between neighbours.
final class HalvesTest {
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void everyValueSurvivesTheWayThroughFloat(DType dtype) {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Halves.toFloat(dtype, (short) bits);
      short back = Halves.toBits(dtype, value);
      if (Float.isNaN(value)) {
        assertTrue(Float.isNaN(Halves.toFloat(dtype, back)));
      } else {
        assertEquals((short) bits, back);
      }
    }
  }

  /// Between neighbours: just below the middle rounds down, just above up, the middle to the even
  /// one.
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void roundingIsToTheNearestAndTiesToEven(DType dtype) {
    for (int bits = 0; Float.isFinite(Halves.toFloat(dtype, (short) (bits + 1))); bits++) {
      float low = Halves.toFloat(dtype, (short) bits);
      float high = Halves.toFloat(dtype, (short) (bits + 1));
      float middle = (float) (((double) low + high) / 2);
      float even = (bits & 1) == 0 ? low : high;
      assertEquals(even, Halves.round(dtype, middle));
      assertEquals(-even, Halves.round(dtype, -middle));
      assertEquals(low, Halves.round(dtype, Math.nextDown(middle)));
      assertEquals(high, Halves.round(dtype, Math.nextUp(middle)));
    }
  }

  @Test
  void tooLargeBecomesInfinite() {
    assertEquals(65504f, Halves.round(FLOAT16, 65519f));
    assertEquals(Float.POSITIVE_INFINITY, Halves.round(FLOAT16, 65520f));
    assertEquals(Float.POSITIVE_INFINITY, Halves.round(BFLOAT16, Float.MAX_VALUE));
    assertEquals(Float.NEGATIVE_INFINITY, Halves.round(BFLOAT16, -Float.MAX_VALUE));
  }

  @Test
  @DisplayName("DT-24 bfloat16 rounds to the nearest, ties to even")
  void bfloat16RoundsToEven() {
    assertEquals(1f, Halves.round(BFLOAT16, 1 + 1f / 256));
    assertEquals(1.015625f, Halves.round(BFLOAT16, 1 + 3f / 256));
  }

  @Test
  void aNanWithLowBitsOnlyStaysNan() {
    float nan = Float.intBitsToFloat(0x7f800001);
    assertTrue(Float.isNaN(Halves.round(BFLOAT16, nan)));
    assertTrue(Float.isNaN(Halves.round(FLOAT16, nan)));
  }
}
