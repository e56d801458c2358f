package dev.proteus.state;

import com.code_intelligence.jazzer.junit.FuzzTest;

class SafeTensorsFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void safetensors(byte[] file) {
    Format.SAFETENSORS.tryRead(file);
  }
}
