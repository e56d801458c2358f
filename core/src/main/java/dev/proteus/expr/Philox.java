package dev.proteus.expr;

/// The counter-based random generator Philox4x32-10 (Salmon et al., "Parallel random numbers: as
/// easy as 1, 2, 3", 2011).
///
/// A number depends on the seed and its index alone, so every device and every thread count draws
/// the same ones.
public final class Philox {
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long WORD = 0xFFFFFFFFL;

  private Philox() {}

  /// 32 random bits, in [0, 2^32): word `index & 3` of the block with key `seed` and counter `index
  /// > > 2`.
  public static long bits(long seed, long index) {
    long counter = index >> 2;
    int[] block = {(int) counter, (int) (counter >>> 32), 0, 0};
    scramble(block, (int) seed, (int) (seed >>> 32));
    return block[(int) index & 3] & WORD;
  }

  /// Turns a counter of four words, lowest first, into four words of random bits.
  static void scramble(int[] block, int key0, int key1) {
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (block[0] & WORD);
      long product1 = MULTIPLIER_1 * (block[2] & WORD);
      block[0] = (int) (product1 >>> 32) ^ block[1] ^ key0;
      block[1] = (int) product1;
      block[2] = (int) (product0 >>> 32) ^ block[3] ^ key1;
      block[3] = (int) product0;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
  }
}
