package dev.proteus.backend.cpu;

import dev.proteus.expr.Philox;

/// Random bits for a block of indices: [Philox], with each counter scrambled once for its four
/// words.
final class PhiloxBlock {
  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final long WORD = 0xFFFFFFFFL;

  private PhiloxBlock() {}

  static void bits(long[] to, long[] seed, long[] index, int n) {
    int i = 0;
    while (i < n) {
      if (isWhole(seed, index, i, n)) {
        counter(to, i, seed[i], index[i] >> 2);
        i += 4;
      } else {
        to[i] = Philox.bits(seed[i], index[i]);
        i++;
      }
    }
  }

  private static boolean isWhole(long[] seed, long[] index, int i, int n) {
    return i + 3 < n
        && (index[i] & 3) == 0
        && index[i + 1] == index[i] + 1
        && index[i + 2] == index[i] + 2
        && index[i + 3] == index[i] + 3
        && seed[i] == seed[i + 1]
        && seed[i] == seed[i + 2]
        && seed[i] == seed[i + 3];
  }

  private static void counter(long[] to, int at, long seed, long counter) {
    int a = (int) counter;
    int b = (int) (counter >>> 32);
    int c = 0;
    int d = 0;
    int key0 = (int) seed;
    int key1 = (int) (seed >>> 32);
    for (int round = 0; round < 10; round++) {
      long product0 = (MULTIPLIER_0 & WORD) * (a & WORD);
      long product1 = (MULTIPLIER_1 & WORD) * (c & WORD);
      a = (int) (product1 >>> 32) ^ b ^ key0;
      b = (int) product1;
      c = (int) (product0 >>> 32) ^ d ^ key1;
      d = (int) product0;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
    to[at] = a & WORD;
    to[at + 1] = b & WORD;
    to[at + 2] = c & WORD;
    to[at + 3] = d & WORD;
  }
}
