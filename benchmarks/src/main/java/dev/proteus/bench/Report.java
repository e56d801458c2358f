package dev.proteus.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Outcomes as a table for people, as Markdown and as JSON. The ratio is the first engine's speed
/// as a share of the best other's.
record Report(List<String> engines, List<Outcome> outcomes) {
  /// A line for each work, below a heading.
  String table() {
    return outcomes.stream()
        .map(this::row)
        .collect(Collectors.joining("\n", row("work", e -> e, "ratio") + "\n", "\n"));
  }

  /// The table's line for a work.
  String row(Outcome outcome) {
    return row(outcome.work().name(), e -> cell(outcome, e), ratio(outcome));
  }

  private String row(String work, UnaryOperator<String> cells, String ratio) {
    String columns =
        engines.stream()
            .map(e -> String.format(Locale.ROOT, " %26s", cells.apply(e)))
            .collect(Collectors.joining());
    return String.format(Locale.ROOT, "%-40s%s %8s", work, columns, ratio);
  }

  String markdown() {
    StringBuilder out = new StringBuilder("| work | ");
    out.append(String.join(" | ", engines)).append(" | ratio |\n|---|");
    engines.forEach(_ -> out.append("---|"));
    out.append("---|\n");
    for (Outcome outcome : outcomes) {
      String cells = engines.stream().map(e -> cell(outcome, e)).collect(Collectors.joining(" | "));
      out.append(
          String.format(
              Locale.ROOT, "| %s | %s | %s |%n", outcome.work().name(), cells, ratio(outcome)));
    }
    return out.toString();
  }

  String json() {
    return outcomes.stream().map(this::json).collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  private String json(Outcome outcome) {
    String times =
        outcome.nanos().entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "\"%s\": %.1f", e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "  {\"group\": \"%s\", \"work\": \"%s\", \"nanos\": {%s}}",
        outcome.work().group(),
        outcome.work().name(),
        times);
  }

  private static String cell(Outcome outcome, String engine) {
    Double nanos = outcome.nanos().get(engine);
    return nanos == null ? "–" : time(nanos) + " (" + outcome.work().rate(nanos) + ")";
  }

  private static String time(double nanos) {
    if (nanos < 1e4) {
      return String.format(Locale.ROOT, "%.0f ns", nanos);
    }
    return nanos < 1e7
        ? String.format(Locale.ROOT, "%.0f µs", nanos / 1e3)
        : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }

  private String ratio(Outcome outcome) {
    OptionalDouble ratio = outcome.ratio(engines.getFirst());
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "–";
  }
}
