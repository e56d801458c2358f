import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Holds `docs/semantics.md` and the tests together: `Rules.java check|apply|report FOLDER`.
///
/// The page has a row for each rule: its id, what we do, the tests that carry the id. People write
/// the first two; the third is written here. Where a rule cannot have a test, people write there
/// `no test:` and why.
///
/// `check` fails where a rule has neither test nor reason, or both, where a test carries an id that
/// is no rule, and where the page is not current. `apply` writes the page, `report` changes
/// nothing; both print the same findings and never fail.
final class Rules {
  private static final String NO_TEST = "no test: ";
  private static final String NONE = "none yet";

  private final SortedMap<String, SortedSet<String>> tests = new TreeMap<>();
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final List<String> findings = new ArrayList<>();

  private Rules() {}

  /// What a run does with what it finds.
  private enum Mode {
    CHECK,
    APPLY,
    REPORT;

    static Mode of(String name) {
      return switch (name) {
        case "check" -> CHECK;
        case "apply" -> APPLY;
        case "report" -> REPORT;
        default ->
            throw new IllegalArgumentException("semantics is check, apply or report, not " + name);
      };
    }
  }

  /// One rule of the page.
  private record Row(String id, String text, String held) {
    private static final Pattern LINE = Pattern.compile("\\| (\\S+) \\| (.+) \\| (.+) \\|");

    /// The row of this line, if it is one of a rule.
    static Optional<Row> parse(String line) {
      var cells = LINE.matcher(line);
      return cells.matches() && TestIds.isId(cells.group(1))
          ? Optional.of(new Row(cells.group(1), cells.group(2), cells.group(3)))
          : Optional.empty();
    }

    boolean hasReason() {
      return held.startsWith(NO_TEST) && held.length() > NO_TEST.length();
    }

    String line() {
      return "| %s | %s | %s |".formatted(id, text, held);
    }
  }

  static void main(String[] args) throws IOException {
    var mode = Mode.of(args[0]);
    var root = Path.of(args[1]).toRealPath();
    var rules = new Rules();
    var page = root.resolve("docs/semantics.md");
    rules.readRows(Files.readAllLines(page));
    rules.readTests(root);
    rules.holdPage(page, mode);
    rules.findStrangers();
    rules.print(mode);
    if (mode == Mode.CHECK && !rules.findings.isEmpty()) {
      System.exit(1);
    }
  }

  private void readRows(List<String> page) {
    for (var line : page) {
      Row.parse(line)
          .ifPresent(row -> {
            if (rows.put(row.id(), row) != null) {
              findings.add(row.id() + " has two rows");
            }
          });
    }
  }

  private void readTests(Path root) throws IOException {
    for (var test : TestIds.read(Sources.under(root, ".java"), rows.keySet())) {
      for (var id : test.ids()) {
        tests.computeIfAbsent(id, _ -> new TreeSet<>()).add(test.name());
      }
    }
  }

  /// Writes behind each rule its tests, or says that what is there is not current.
  private void holdPage(Path page, Mode mode) throws IOException {
    var before = Files.readString(page);
    var after = new StringBuilder();
    for (var line : before.lines().toList()) {
      after.append(Row.parse(line).map(row -> hold(row).line()).orElse(line)).append('\n');
    }
    if (mode == Mode.APPLY) {
      Files.writeString(page, after);
    } else if (!before.contentEquals(after)) {
      findings.add(
          "docs/semantics.md is not current. To write it: mvn -pl tools verify -Dsemantics=apply");
    }
  }

  private Row hold(Row row) {
    var names = tests.get(row.id());
    if (names == null) {
      if (!row.hasReason()) {
        findings.add(row.id() + " has neither a test nor a reason: " + row.text());
      }
      return row.hasReason() ? row : new Row(row.id(), row.text(), NONE);
    }
    if (row.hasReason()) {
      findings.add("%s has a reason for no test, and the tests %s".formatted(row.id(), names));
      return row;
    }
    return new Row(row.id(), row.text(), "`" + String.join("`, `", names) + "`");
  }

  private void findStrangers() {
    Set<String> strangers = new HashSet<>(tests.keySet());
    strangers.removeAll(rows.keySet());
    strangers.stream()
        .sorted()
        .map(id -> "%s is no rule, but in the names of %s".formatted(id, tests.get(id)))
        .forEach(findings::add);
  }

  private void print(Mode mode) {
    findings.forEach(System.out::println);
    var reasons = rows.values().stream().filter(Row::hasReason).count();
    var held = rows.keySet().stream().filter(tests::containsKey).count();
    System.out.printf(
        "%d rules: %d held by tests, %d without a test for a reason, %d open%s%n",
        rows.size(),
        held,
        reasons,
        rows.size() - held - reasons,
        mode != Mode.CHECK && !findings.isEmpty() ? " (-Dsemantics=check fails on them)" : "");
  }
}
