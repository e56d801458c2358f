package dev.proteus.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A planted mistake is found, made small, and can be run again from its line.
final class ShrinkerTest {
  /// Adds 1 to the sums of rows that are longer than three.
  private static final Rule PLANTED =
      Rule.rule(
          "planted",
          "sum.dim_IntList(x,[-1],keepdim)",
          g -> g.x().size(-1) > 3 ? g.x().sum(g.keep(), -1).add(1L) : g.x().sum(g.keep(), -1),
          d -> d.types(Draft.ALL).summable().x(1, 4).flag("keepdim"));

  private static final Trial TRIAL = new Trial(PLANTED);

  private static boolean fails(Case drawn) {
    return TRIAL.run(drawn) instanceof Verdict.Differs;
  }

  private static Stream<Case> drawn() {
    return LongStream.range(0, 100).mapToObj(PLANTED::draw);
  }

  @Test
  void findsAPlantedMistake() {
    assertTrue(drawn().filter(ShrinkerTest::fails).count() > 5);
  }

  @Test
  void shrinksEveryFailureToTheSmallestOne() {

    for (Case failing : drawn().filter(ShrinkerTest::fails).toList()) {
      Case smallest = Shrinker.smallest(TRIAL, failing);
      Operand x = assertInstanceOf(Operand.class, smallest.argument("x"));
      assertEquals(4, x.shape().size(-1), smallest.toString());
      assertEquals(Placement.PLAIN, x.placement(), smallest.toString());
      assertEquals(Fill.Kind.ZEROS, x.fill().kind(), smallest.toString());
      assertEquals(new Value.Truth(false), smallest.argument("keepdim"));
      assertEquals(Case.Mode.VALUE, smallest.mode());
    }
  }

  @Test
  void aCaseReadsBackFromItsLine() {
    for (List<Rule> family : Rules.families().values()) {
      for (Rule rule : family) {
        for (long seed = 0; seed < 20; seed++) {
          Case drawn = rule.draw(seed);
          assertEquals(drawn, CaseText.parse(drawn.toString()), drawn.toString());
        }
      }
    }
  }

  @Test
  void equalSeedsDrawEqualCases() {
    assertEquals(drawn().toList(), drawn().toList());
  }

  @Test
  void ruleNamesAreUnique() {
    List<String> names =
        Rules.families().values().stream().flatMap(List::stream).map(Rule::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
  }
}
