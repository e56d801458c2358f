package dev.proteus.state;

import com.code_intelligence.jazzer.junit.FuzzTest;

class NpzFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void npz(byte[] file) {
    Format.NPZ.tryRead(file);
  }
}
