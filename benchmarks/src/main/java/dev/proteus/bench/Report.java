package dev.proteus.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Outcomes as a table for people, as Markdown and as JSON.
record Report(List<String> engines, List<Outcome> outcomes) {
  String table() {
    StringBuilder out = new StringBuilder(String.format(Locale.ROOT, "%-40s", "work"));
    engines.forEach(e -> out.append(String.format(Locale.ROOT, " %26s", e)));
    out.append(String.format(Locale.ROOT, " %8s%n", "ratio"));
    for (Outcome outcome : outcomes) {
      out.append(String.format(Locale.ROOT, "%-40s", outcome.work().name()));
      engines.forEach(e -> out.append(String.format(Locale.ROOT, " %26s", cell(outcome, e))));
      out.append(String.format(Locale.ROOT, " %8s%n", ratio(outcome)));
    }
    return out.toString();
  }

  String markdown() {
    StringBuilder out = new StringBuilder("| work | ");
    out.append(String.join(" | ", engines)).append(" | ratio to the best peer |\n|---|");
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

  private static String ratio(Outcome outcome) {
    return outcome.ratio().isPresent()
        ? String.format(Locale.ROOT, "%.2f", outcome.ratio().getAsDouble())
        : "–";
  }
}
