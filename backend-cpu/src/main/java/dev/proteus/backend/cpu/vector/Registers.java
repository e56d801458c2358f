package dev.proteus.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;

/// What is known of the processor's vector registers.
final class Registers {
  private static final int BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();

  /// Whether there are 32 of them, as with AVX-512 and on ARM, and not 16.
  static final boolean MANY = BITS == 512 || "aarch64".equals(System.getProperty("os.arch"));

  /// Whether vectors of 256 bits are fast.
  static final boolean HAS_256 = BITS >= 256;

  private Registers() {}
}
