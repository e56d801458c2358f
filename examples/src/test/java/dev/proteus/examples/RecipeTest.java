package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The recipe runs through and says so; a claim that does not hold stops it.
class RecipeTest {
  @Test
  void runsAllSixSteps() {
    StringWriter out = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true));
    assertEquals(0, line.execute("recipe"), out::toString);
    for (int step = 1; step <= 6; step++) {
      assertTrue(out.toString().contains("== " + step), out::toString);
    }
    assertTrue(out.toString().strip().endsWith("all as said"), out::toString);
  }

  @Test
  void aClaimThatDoesNotHoldIsAnError() {
    Narration narration = new Narration(new PrintWriter(new StringWriter()));
    assertThrows(IllegalStateException.class, () -> narration.expect(false, "1 is 2"));
  }
}
