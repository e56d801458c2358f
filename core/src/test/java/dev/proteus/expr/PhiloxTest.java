package dev.proteus.expr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The known answers that the generator's authors publish, and how a seed and an index become key
/// and counter.
final class PhiloxTest {
  private static void known(int[] counter, int key0, int key1, int... expected) {
    Philox.scramble(counter, key0, key1);
    assertArrayEquals(expected, counter);
  }

  @Test
  void zeros() {
    known(new int[4], 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  }

  @Test
  void ones() {
    known(new int[] {-1, -1, -1, -1}, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  }

  @Test
  void digitsOfPi() {
    known(
        new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
        0xa4093822,
        0x299f31d0,
        0xd16cfe09,
        0x94fdcceb,
        0x5001e420,
        0x24126ea1);
  }

  @Test
  void anIndexIsACounterAndAWord() {
    long seed = 0x0123456789abcdefL;
    for (long index : new long[] {0, 1, 2, 3, 7, 0x7_ffff_fffeL}) {
      long counter = index >> 2;
      int[] block = {(int) counter, (int) (counter >>> 32), 0, 0};
      Philox.scramble(block, 0x89abcdef, 0x01234567);
      assertEquals(Integer.toUnsignedLong(block[(int) (index & 3)]), Philox.bits(seed, index));
    }
  }
}
