package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The images, and the files they are read from.
class DigitsTest {
  @Test
  @DisplayName("the bundled digits are 8,000 to learn from and 2,000 to be judged by")
  void bundledDigits() {
    Digits.Split digits = Digits.load(Optional.empty());
    assertEquals(8000, digits.training().count());
    assertEquals(2000, digits.test().count());
    double mean = digits.training().images().mean().item();
    assertTrue(Math.abs(mean) < 0.05, "images are scaled to mean 0, but it is " + mean);
    assertEquals(9, digits.training().labels().max().itemLong());
  }

  @Test
  @DisplayName("an order is a permutation that the seed decides")
  void order() {
    Digits test = Digits.load(Optional.empty()).test();
    long[] first = test.shuffled(7).toLongArray();
    long[] again = test.shuffled(7).toLongArray();
    assertArrayEquals(first, again);
    long[] sorted = first.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      assertEquals(i, sorted[i]);
    }
  }

  @Test
  @DisplayName("a file that is not IDX, or ends early, is an error that names it")
  void malformedIdx() {
    byte[] other = {1, 2, 3, 4, 5, 6, 7, 8};
    byte[] huge = {0, 0, 8, 2, 127, -1, -1, -1, 127, -1, -1, -1};
    byte[] early = {0, 0, 8, 1, 0, 0, 0, 9, 1};
    for (byte[] bytes : new byte[][] {other, huge, early, {0, 0}}) {
      IOException error =
          assertThrows(
              IOException.class, () -> Idx.read(new ByteArrayInputStream(bytes), "some.idx"));
      assertTrue(
          String.valueOf(error.getMessage()).startsWith("some.idx"),
          String.valueOf(error.getMessage()));
    }
  }
}
