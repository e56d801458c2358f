package dev.proteus.oracle;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Random calls of all operators, compared with PyTorch's. See [Rule] for what a rule is.
///
/// | property | meaning |
/// |---|---|
/// | `proteus.oracle.seed` | what cases follow from, printed at the start; always the same where it is not given, so that a build fails for a change and not for the day |
/// | `proteus.oracle.cases` | how many, spread evenly over the rules |
/// | `proteus.oracle.only` | rules whose name or family contains this |
/// | `proteus.oracle.case` | runs this one line, as a failure prints it |
final class OracleTest {
  private static final long LEAST = 20_000;

  private static final long SEED = Long.getLong("proteus.oracle.seed", 20_785);

  private static final long CASES = Long.getLong("proteus.oracle.cases", 25_000);
  private static final String ONLY = System.getProperty("proteus.oracle.only", "");
  private static final String CASE = System.getProperty("proteus.oracle.case", "");

  private static final Tally TALLY = new Tally();

  @BeforeAll
  static void printSeed() {
    System.out.println("oracle: -Dproteus.oracle.seed=" + SEED);
  }

  @TestFactory
  Stream<DynamicTest> rules() {
    if (!CASE.isEmpty()) {
      Case given = CaseText.parse(CASE);
      return Stream.of(
          DynamicTest.dynamicTest(CASE, () -> rerun(Rules.named(given.rule()), given)));
    }
    long all = Rules.families().values().stream().mapToLong(List::size).sum();
    long each = Math.ceilDiv(CASES, all);
    return Rules.families().entrySet().stream()
        .flatMap(family ->
            family.getValue().stream()
                .filter(rule -> (family.getKey() + " " + rule.name()).contains(ONLY))
                .map(rule ->
                    DynamicTest.dynamicTest(
                        family.getKey() + " · " + rule, () -> run(family.getKey(), rule, each))));
  }

  private static void rerun(Rule rule, Case given) {
    Verdict verdict = new Trial(rule).run(given);
    TALLY.count("one", verdict);
    System.out.println("oracle: " + verdict);
    if (verdict instanceof Verdict.Differs(_, String how)) {
      fail(how);
    }
  }

  private static void run(String family, Rule rule, long cases) {
    Trial trial = new Trial(rule);
    List<Case> failures = new ArrayList<>();
    for (long i = 0; i < cases; i++) {
      Case drawn = rule.draw(SEED * 1_000_003 + 31L * rule.name().hashCode() + i);
      Verdict verdict = trial.run(drawn);
      TALLY.count(family, verdict);
      if (verdict instanceof Verdict.Differs) {
        failures.add(drawn);
      }
    }
    if (!failures.isEmpty()) {
      fail(report(trial, failures, cases));
    }
  }

  private static String report(Trial trial, List<Case> failures, long cases) {
    Case smallest = Shrinker.smallest(trial, failures.getFirst());
    String how = trial.run(smallest) instanceof Verdict.Differs(_, String what) ? what : "?";
    return "%s: %s of %s cases fail with seed %s, the first as%n  -Dproteus.oracle.case='%s'"
        .formatted(how, failures.size(), cases, SEED, smallest);
  }

  @AfterAll
  static void printTotal() {
    System.out.println("oracle: " + TALLY);
    if (ONLY.isEmpty() && CASE.isEmpty()) {
      assertTrue(TALLY.total() >= LEAST, "only " + TALLY.total() + " cases ran");
    }
  }
}
