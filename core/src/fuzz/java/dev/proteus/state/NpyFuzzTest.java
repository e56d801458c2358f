package dev.proteus.state;

import com.code_intelligence.jazzer.junit.FuzzTest;

class NpyFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void npy(byte[] file) {
    Format.NPY.tryRead(file);
  }
}
