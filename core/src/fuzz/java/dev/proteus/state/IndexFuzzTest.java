package dev.proteus.state;

import com.code_intelligence.jazzer.junit.FuzzTest;

class IndexFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void index(byte[] file) {
    Format.INDEX.tryRead(file);
  }
}
