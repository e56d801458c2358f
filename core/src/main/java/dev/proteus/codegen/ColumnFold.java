package dev.proteus.codegen;

import java.util.List;

/// The body of a [ReduceSource] whose results lie beside each other where what is folded leaps: an
/// item takes neighbouring results and goes down the folded space with all of them, of which the
/// compiler makes vectors. Each is folded in the order of its elements.
///
/// @param source the kernel
/// @param results the walk through the kept space
/// @param terms the walk through the folded space
/// @param reading what is read
record ColumnFold(ReduceSource source, Walks results, Walks terms, Reading reading) {
  /// Neighbouring results that an item folds together.
  private static final int BLOCK = 32;

  /// The walk along neighbouring results.
  private Walks across() {
    return new Walks("d", source.kept(), 0, source.across());
  }

  String body() {
    int parts = terms.end();
    String count = Walks.word(parts);
    StringBuilder text = new StringBuilder();
    text.append("  const idx length = ").append(results.length()).append(";\n");
    text.append("  const idx blocks = (length + %d) / %d;\n".formatted(BLOCK - 1, BLOCK));
    text.append("  FOR_EACH(q, ").append(results.product(source.kept() - 1));
    text.append(" * blocks * ").append(count).append(")\n");
    text.append("    const idx part = q % (").append(count).append(");\n");
    text.append("    const idx block = q / ").append(count).append(";\n");
    text.append("    const idx r = block / blocks;\n");
    text.append("    const idx first = (block - r * blocks) * ").append(BLOCK).append(";\n");
    text.append(results.starts("    "));
    text.append(results.moves("    ", "r", source.kept() - 1));
    for (int k = 0; k <= reading.movers(); k++) {
      text.append("    const idx d").append(k).append("_start = ");
      text.append(results.place(k, "first")).append(";\n");
    }
    text.append(source.bounds(terms));
    text.append("    if (length - first >= ").append(BLOCK).append(") {\n");
    text.append(block(String.valueOf(BLOCK)));
    text.append("    } else {\n");
    text.append("      const i32 width = (i32) (length - first);\n");
    text.append(block("width"));
    return text.append("    }\n  END\n").toString();
  }

  private String block(String width) {
    String loop = "for (i32 j = 0; j < " + width + "; j++) {\n";
    StringBuilder text = new StringBuilder();
    text.append("      ").append(CType.computed(source.accumulator()));
    text.append(" acc[").append(BLOCK).append("];\n");
    text.append("      ").append(loop);
    text.append("        acc[j] = ");
    text.append(ReduceSource.neutral(source.kind(), source.accumulator())).append(";\n      }\n");
    if (source.folded() == 1) {
      text.append(terms("      ", loop, "from", "to"));
    } else {
      text.append("      for (idx f = from; f < to; f++) {\n");
      text.append(terms("        ", loop, "0", terms.length())).append("      }\n");
    }
    int result = reading.movers();
    text.append("      const idx d%d = d%d_start;\n".formatted(result, result));
    text.append("      ").append(loop).append("        ");
    text.append(source.store(place(result), "acc[j]"));
    return text.append("\n      }\n").toString();
  }

  private String place(int result) {
    return switch (source.result()) {
      case WHOLE -> across().place(result);
      case PARTS -> "(r * length + first + j) * " + Walks.word(terms.end()) + " + part";
    };
  }

  /// Folds the elements from `from` to `to` of row `f` into all lanes.
  private String terms(String indent, String loop, String from, String to) {
    StringBuilder text = new StringBuilder(indent).append("{\n");
    String inner = indent + "  ";
    text.append(terms.starts(inner));
    text.append(terms.moves(inner, "f", source.folded() - 1));
    text.append(inner).append("for (idx s = ").append(from).append("; s < ").append(to);
    text.append("; s++) {\n");
    List<Pace> paces = source.paces();
    for (int k = 0; k < paces.size(); k++) {
      text.append(inner).append("  const idx d%d = d%d_start + ".formatted(k, k));
      text.append(terms.place(k, "s")).append(";\n");
    }
    Renderer renderer = reading.renderer(source.key(), across(), terms.end() + 2);
    text.append(inner).append("  ").append(loop);
    text.append(renderer.statements(inner + "    "));
    text.append(inner).append("    acc[j] = ").append(source.step("acc[j]", renderer));
    text.append(";\n").append(inner).append("  }\n").append(inner).append("}\n");
    return text.append(indent).append("}\n").toString();
  }
}
