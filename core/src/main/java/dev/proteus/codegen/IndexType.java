package dev.proteus.codegen;

/// The type of indices in a kernel: the shorter one where places fit, for it is faster to divide.
public enum IndexType {
  INT32("i32"),
  INT64("i64");

  private final String name;

  IndexType(String name) {
    this.name = name;
  }

  /// What places up to `reach` fit in.
  public static IndexType of(long reach) {
    return reach < Integer.MAX_VALUE / 2 ? INT32 : INT64;
  }

  /// A kernel with this type of indices, passed so many words.
  KernelSource kernel(String name, int words, String parameters, String body) {
    String text =
        "#define idx %s\ntypedef struct { i64 v[%d]; } %s_words;\nKERNEL %s(%s, GLOBAL i32* errors, %s_words a) {\n%s}\n#undef idx\n"
            .formatted(this.name, words, name, name, parameters, name, body);
    return new KernelSource(name, text);
  }
}
