package dev.proteus.codegen;

import dev.proteus.op.Reduce;
import dev.proteus.op.Scatter;
import dev.proteus.type.DType;

/// The kernels that read and write at given indices, for any layout.
///
/// All have the same form: they loop over a space of at most [#MAX_RANK] axes, whose sizes and
/// strides are passed as words.
public sealed interface IndexedSource {
  /// Axes of a space, merged ones counted once.
  int MAX_RANK = 12;

  /// The first word of sizes; before it are the number of elements, the rank and numbers of the
  /// kernel's own. Strides of each operand follow.
  int SIZES = 10;

  int WORDS = SIZES + 4 * MAX_RANK;

  /// The kernel under a name.
  KernelSource named(String name);

  /// Notes an index that is out of range. Operand: index. Own words: its start, the limit, 1 if
  /// there is an index that may be out of range, and that index.
  record Check() implements IndexedSource {
    @Override
    public KernelSource named(String name) {
      return IndexType.INT64.kernel(
          name,
          WORDS,
          "GLOBAL const i64* index",
          """
            FOR_EACH(e, a.v[0])
          %s    const i64 i = index[p0];
              if ((i < 0 || i >= a.v[3]) && !(a.v[4] && i == a.v[5])) {
                *errors = INDEX_OUT_OF_RANGE;
              }
            END
          """
              .formatted(walk(1)));
    }
  }

  /// Reads elements at indices. Operands: x, index, result. Own words: their starts, the stride of
  /// x along the indexed axis.
  ///
  /// @param dtype what is read
  record Read(DType dtype) implements IndexedSource {
    @Override
    public KernelSource named(String name) {
      String type = CType.stored(dtype);
      return IndexType.INT64.kernel(
          name,
          WORDS,
          "GLOBAL const %s* x, GLOBAL const i64* index, GLOBAL %s* y".formatted(type, type),
          """
            FOR_EACH(e, a.v[0])
          %s    y[p2] = x[p0 + index[p1] * a.v[5]];
            END
          """
              .formatted(walk(3)));
    }
  }

  /// Writes elements at indices, one item for all that could meet in one place. Operands: index,
  /// source, result. Own words: their starts, their strides along the indexed axis, and how many
  /// indices there are along it.
  ///
  /// @param mode what happens at an index
  /// @param dtype what is written
  record Write(Scatter.Mode mode, DType dtype) implements IndexedSource {
    @Override
    public KernelSource named(String name) {
      String type = CType.stored(dtype);
      return IndexType.INT64.kernel(
          name,
          WORDS,
          "GLOBAL const i64* index, GLOBAL const %s* x, GLOBAL %s* y".formatted(type, type),
          """
            FOR_EACH(e, a.v[0])
          %s    for (idx k = 0; k < a.v[8]; k++) {
                const idx place = p2 + index[p0 + k * a.v[5]] * a.v[7];
                const idx from = p1 + k * a.v[6];
                %s
              }
            END
          """
              .formatted(walk(3), CType.store(dtype, "y", "place", written())));
    }

    private String written() {
      String value = CType.load(dtype, "x", "from");
      String before = CType.load(dtype, "y", "place");
      return switch (mode) {
        case SET -> value;
        case ADD ->
            CType.wrapped(dtype, ReduceSource.combined(Reduce.Kind.SUM, dtype, before, value));
        case MAX -> ReduceSource.combined(Reduce.Kind.MAX, dtype, before, value);
      };
    }
  }

  /// Statements that find where each of some operands is for element `e`.
  private static String walk(int operands) {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < operands; k++) {
      text.append("    idx p%d = a.v[%d];\n".formatted(k, 2 + k));
    }
    text.append("    idx rest = e;\n    for (idx d = a.v[1] - 1; d >= 0; d--) {\n");
    text.append("      const idx c = rest %% a.v[%d + d];\n".formatted(SIZES));
    text.append("      rest /= a.v[%d + d];\n".formatted(SIZES));
    for (int k = 0; k < operands; k++) {
      text.append("      p%d += c * a.v[%d + d];\n".formatted(k, SIZES + (k + 1) * MAX_RANK));
    }
    return text.append("    }\n").toString();
  }
}
