package dev.proteus.codegen;

/// A language that kernels are compiled in.
public enum Dialect {
  /// OpenCL C 1.2.
  OPENCL("opencl.h"),
  /// CUDA C++, as NVRTC takes it.
  CUDA("cuda.h");

  private final String prelude;

  Dialect(String prelude) {
    this.prelude = prelude;
  }

  /// The words that this language spells differently from the other: what a program begins with.
  String prelude() {
    return Texts.of(prelude);
  }
}
