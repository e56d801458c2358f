package dev.proteus.oracle;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// How many cases ended how. Rules count at the same time.
final class Tally {
  private final Map<String, LongAdder> families = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> verdicts = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> declared = new ConcurrentHashMap<>();

  void count(String family, Verdict verdict) {
    add(families, family);
    add(verdicts, name(verdict));
    if (verdict instanceof Verdict.Declared(Rule.Difference difference, boolean shows) && shows) {
      add(declared, difference.toString());
    }
  }

  private static void add(Map<String, LongAdder> counts, String name) {
    counts.computeIfAbsent(name, _ -> new LongAdder()).increment();
  }

  private static String name(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Agreed _ -> "agreed";
      case Verdict.Refused _ -> "refused by both";
      case Verdict.Unanswered _ -> "not in PyTorch";
      case Verdict.Declared _ -> "declared";
      case Verdict.Differs _ -> "failed";
    };
  }

  long total() {
    return families.values().stream().mapToLong(LongAdder::sum).sum();
  }

  private static String line(Map<String, LongAdder> counts) {
    return new TreeMap<>(counts)
        .entrySet().stream()
            .map(count -> count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    String differences =
        new TreeMap<>(declared)
            .entrySet().stream()
                .map(each ->
                    "\n  differs on purpose: %s (%s cases)"
                        .formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining());
    return "%s cases: %s%n  by family: %s%s"
        .formatted(total(), line(verdicts), line(families), differences);
  }
}
