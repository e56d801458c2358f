package dev.proteus.codegen;

import dev.proteus.expr.ExprKey;
import dev.proteus.op.Reduce;
import dev.proteus.type.DType;
import java.util.Collections;
import java.util.List;

/// The kernel of a fold: an expression, combined over the places of one space for every place of
/// another, in parts.
///
/// Each part is folded by one item in sixteen lanes, of which the compiler makes a vector. Its
/// arguments are those of a [MapSource] with these numbers: sizes of the kept space; start and
/// strides there of each operand, coordinate and of the result; sizes of the folded space; start
/// and strides there of each operand and coordinate; the number of parts, and how many rows, or of
/// a space of one axis elements, each has; constants. Where there are several parts, the result is
/// one value for each in turn.
///
/// Where results lie beside each other and what is folded leaps, an item folds neighbouring results
/// together: see [ColumnFold].
///
/// @param kind how values are combined
/// @param key what is combined
/// @param accumulator the type in which it is
/// @param stored the type of the result
/// @param kept axes of the kept space
/// @param folded axes of the folded space
/// @param paces how operands and coordinates move along the last folded axis
/// @param across how operands, coordinates and the result move along the last kept axis if
///   neighbouring results are folded together, else empty
/// @param result where results go
/// @param index the type of indices
public record ReduceSource(
    Reduce.Kind kind,
    ExprKey key,
    DType accumulator,
    DType stored,
    int kept,
    int folded,
    List<Pace> paces,
    List<Pace> across,
    Result result,
    IndexType index) {
  private static final int LANES = 16;

  /// Where results go.
  public enum Result {
    /// Each to its place in the kept space.
    WHOLE,
    /// One after the other, those of all parts of a place together.
    PARTS
  }

  public ReduceSource {
    paces = List.copyOf(paces);
    across = List.copyOf(across);
  }

  /// The kernel under a name.
  public KernelSource named(String name) {
    Reading reading = Reading.of(key);
    List<Pace> everywhere = Collections.nCopies(reading.movers() + 1, Pace.LEAPS);
    Walks results = new Walks("o", kept, 0, everywhere);
    Walks terms = new Walks("i", folded, results.end(), paces);
    int parts = terms.end();
    String body =
        across.isEmpty()
            ? byLanes(reading, results, terms)
            : new ColumnFold(this, results, terms, reading).body();
    return index.kernel(
        name,
        parts + 2 + reading.constants(),
        reading.parameters() + "GLOBAL " + CType.stored(stored) + "* RESTRICT y",
        body);
  }

  private String byLanes(Reading reading, Walks results, Walks terms) {
    int parts = terms.end();
    Renderer renderer = reading.renderer(key, terms, parts + 2);
    return "  FOR_EACH(q, "
        + results.product(kept)
        + " * "
        + Walks.word(parts)
        + ")\n"
        + "    const idx r = q / "
        + Walks.word(parts)
        + ";\n"
        + "    const idx part = q - r * "
        + Walks.word(parts)
        + ";\n"
        + results.starts("    ")
        + results.moves("    ", "r", kept)
        + accumulators()
        + bounds(terms)
        + (folded == 1
            ? row(results, terms, renderer, "    ", "from", "to")
            : rows(results, terms, renderer))
        + "    for (i32 u = 1; u < "
        + LANES
        + "; u++) {\n"
        + "      acc[0] = "
        + combined("acc[0]", "acc[u]")
        + ";\n"
        + "    }\n"
        + "    "
        + store(place(results.at(reading.movers())), "acc[0]")
        + "\n"
        + "  END\n";
  }

  /// Statements that find from where to where `part` goes, in elements of the one folded axis or in
  /// rows.
  String bounds(Walks terms) {
    String share = Walks.word(terms.end() + 1);
    return "    const idx all = "
        + (folded == 1 ? terms.length() : terms.product(folded - 1))
        + ";\n"
        + "    const idx from = part * "
        + share
        + ";\n"
        + "    const idx to = from + "
        + share
        + " < all ? from + "
        + share
        + " : all;\n";
  }

  private String accumulators() {
    String type = CType.computed(accumulator);
    return "    "
        + type
        + " acc["
        + LANES
        + "];\n"
        + "    for (i32 u = 0; u < "
        + LANES
        + "; u++) {\n"
        + "      acc[u] = "
        + neutral(kind, accumulator)
        + ";\n"
        + "    }\n";
  }

  private String rows(Walks results, Walks terms, Renderer renderer) {
    return "    for (idx f = from; f < to; f++) {\n"
        + row(results, terms, renderer, "      ", "0", terms.length())
        + "    }\n";
  }

  /// Folds the elements from `from` to `to` of row `f`.
  private String row(
      Walks results, Walks terms, Renderer renderer, String indent, String from, String to) {
    StringBuilder text = new StringBuilder(indent).append("{\n");
    String inner = indent + "  ";
    text.append(terms.starts(inner));
    for (int k = 0; k < paces.size(); k++) {
      text.append(inner).append(terms.at(k)).append(" += ").append(results.at(k)).append(";\n");
    }
    text.append(terms.moves(inner, "f", folded - 1));
    text.append(inner).append("idx at = ").append(from).append(";\n");
    text.append(inner).append("for (; at + %d <= %s; at += %d) {\n".formatted(LANES, to, LANES));
    text.append(inner).append("  for (i32 u = 0; u < ").append(LANES).append("; u++) {\n");
    text.append(inner).append("    const idx j = at + u;\n");
    text.append(renderer.statements(inner + "    "));
    text.append(inner).append("    acc[u] = ").append(step("acc[u]", renderer)).append(";\n");
    text.append(inner).append("  }\n").append(inner).append("}\n");
    text.append(inner).append("for (idx j = at; j < ").append(to).append("; j++) {\n");
    text.append(renderer.statements(inner + "  "));
    text.append(inner).append("  acc[0] = ").append(step("acc[0]", renderer)).append(";\n");
    return text.append(inner).append("}\n").append(indent).append("}\n").toString();
  }

  /// What a sum becomes with the value of the expression.
  String step(String sum, Renderer renderer) {
    DType type = key.steps().getLast().dtype();
    String value = renderer.result();
    return combined(
        sum,
        accumulator.isFloating()
            ? "(" + CType.computed(accumulator) + ") " + value
            : CType.converted(type, accumulator, value));
  }

  private String combined(String a, String b) {
    return combined(kind, accumulator, a, b);
  }

  /// Two values combined.
  static String combined(Reduce.Kind kind, DType accumulator, String a, String b) {
    String type = CType.computed(accumulator);
    boolean isReal = accumulator.isFloating();
    return switch (kind) {
      case SUM -> isReal ? a + " + " + b : "add_i64(" + a + ", " + b + ")";
      case PROD -> isReal ? a + " * " + b : "mul_i64(" + a + ", " + b + ")";
      case MAX ->
          isReal
              ? "larger_" + type + "(" + a + ", " + b + ")"
              : "(%s > %s ? %s : %s)".formatted(a, b, a, b);
      case MIN ->
          isReal
              ? "smaller_" + type + "(" + a + ", " + b + ")"
              : "(%s < %s ? %s : %s)".formatted(a, b, a, b);
    };
  }

  /// What changes nothing that it is combined with.
  static String neutral(Reduce.Kind kind, DType accumulator) {
    return switch (kind) {
      case SUM -> "0";
      case PROD -> "1";
      case MAX -> lowest(accumulator);
      case MIN -> highest(accumulator);
    };
  }

  private static String lowest(DType dtype) {
    return switch (dtype) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> "-INFINITY";
      case INT64 -> "(i64) 0x8000000000000000";
      case INT32 -> "(i32) 0x80000000";
      case INT16 -> "-32768";
      case INT8 -> "-128";
      case UINT8, BOOL -> "0";
    };
  }

  private static String highest(DType dtype) {
    return switch (dtype) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> "INFINITY";
      case INT64 -> "0x7fffffffffffffff";
      case INT32 -> "0x7fffffff";
      case INT16 -> "32767";
      case INT8 -> "127";
      case UINT8 -> "255";
      case BOOL -> "1";
    };
  }

  private String place(String inKept) {
    return switch (result) {
      case WHOLE -> inKept;
      case PARTS -> "q";
    };
  }

  /// The statement that stores a result.
  String store(String place, String sum) {
    String value = accumulator.isFloating() ? sum : CType.wrapped(stored, sum);
    return CType.store(stored, "y", place, value);
  }
}
