package dev.proteus.state;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// The known name that somebody may have meant.
final class Nearest {
  private Nearest() {}

  /// The name that is the same but for what stands before it, as in `module.fc.weight`; else the
  /// one closest to `name` by single-letter edits, unless more than a third of it differs.
  static Optional<String> of(String name, Collection<String> known) {
    return known.stream()
        .filter(k -> name.endsWith("." + k) || k.endsWith("." + name))
        .max(Comparator.comparingInt(String::length))
        .or(() -> byEdits(name, known));
  }

  private static Optional<String> byEdits(String name, Collection<String> known) {
    int most = Math.max(1, name.length() / 3);
    return known.stream()
        .filter(k -> Math.abs(k.length() - name.length()) <= most)
        .min(Comparator.comparingInt(k -> distance(name, k)))
        .filter(k -> distance(name, k) <= most);
  }

  /// The end of an error message that names it, or nothing.
  static String hint(String name, Collection<String> known) {
    return of(name, known).map(k -> "; did you mean '" + k + "'?").orElse("");
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
