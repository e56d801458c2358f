package dev.proteus.codegen;

/// What kernels are compiled for.
///
/// @param dialect the language
/// @param loops how a kernel's elements are spread over work items
/// @param doubles whether the device computes in float64
public record Target(Dialect dialect, Loops loops, Doubles doubles) {
  /// How a kernel's elements are spread over work items.
  public enum Loops {
    /// Each item has a contiguous share, in which the compiler finds vectors: for processors that
    /// run one item after the other.
    CHUNKS,
    /// Neighbouring items have neighbouring elements: for processors that run many items in step.
    STRIPES
  }

  /// Whether there is float64.
  public enum Doubles {
    PRESENT,
    ABSENT
  }

  /// What every program for this target begins with: types, words of the dialect, and the functions
  /// that expressions call.
  public String prelude() {
    StringBuilder text = new StringBuilder();
    define(text, "CHUNKS", loops == Loops.CHUNKS);
    define(text, "DOUBLES", doubles == Doubles.PRESENT);
    text.append(dialect.prelude()).append(Texts.of("loops.h")).append(Texts.of("integers.h"));
    String reals = Texts.of("reals.h");
    if (doubles == Doubles.PRESENT) {
      text.append(CType.instantiated(reals, "f64"));
    }
    text.append(Texts.of("singles.h")).append(CType.instantiated(reals, "f32"));
    return text.append(Texts.of("halves.h")).toString();
  }

  private static void define(StringBuilder text, String name, boolean value) {
    text.append("#define ").append(name).append(value ? " 1\n" : " 0\n");
  }
}
