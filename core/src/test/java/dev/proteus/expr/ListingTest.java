package dev.proteus.expr;

import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.DTypeException;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Expressions as lists of steps and as keys, and their composition.
final class ListingTest {
  private static final Expr X = Exprs.input(0, FLOAT32);
  private static final Expr Y = Exprs.input(1, FLOAT32);

  @Test
  void equalSubexpressionsAreOneStep() {
    Expr sum = Exprs.add(X, Y);
    Expr again = Exprs.add(Exprs.input(0, FLOAT32), Exprs.input(1, FLOAT32));
    List<Step> steps = Listing.of(Exprs.mul(sum, again)).steps();
    assertEquals(
        List.of(
            new Step.Input(0, FLOAT32),
            new Step.Input(1, FLOAT32),
            new Step.Call(Fn.ADD, FLOAT32, List.of(0, 1)),
            new Step.Call(Fn.MUL, FLOAT32, List.of(2, 2))),
        steps);
  }

  @Test
  void sharingDoesNotExplode() {
    Expr power = X;
    for (int i = 0; i < 200; i++) {
      power = Exprs.mul(power, power);
    }
    assertEquals(201, Exprs.size(power));
    Expr composed = Exprs.substitute(power, List.of(Exprs.add(X, Y)));
    assertEquals(203, Exprs.size(composed));
  }

  @Test
  void keysIgnoreTheValuesOfConstants() {
    Listing two = Listing.of(Exprs.add(Exprs.mul(X, 2), 3));
    Listing four = Listing.of(Exprs.add(Exprs.mul(X, 4), 5));
    assertEquals(two.key(), four.key());
    assertEquals(two.key().hashCode(), four.key().hashCode());
    assertEquals(List.of(Exprs.like(X, 4), Exprs.like(X, 5)), four.constants());
    assertNotEquals(two.key(), Listing.of(Exprs.mul(Exprs.add(X, 2), 3)).key());
    assertNotEquals(two.key(), Listing.of(Exprs.add(Exprs.mul(Y, 2), 3)).key());
  }

  /// One constant used twice is another structure than two constants, else a kernel would mix them
  /// up.
  @Test
  void keysKnowWhichConstantsAreOne() {
    Listing same = Listing.of(Exprs.add(Exprs.mul(X, 2), 2));
    assertEquals(1, same.constants().size());
    assertNotEquals(same.key(), Listing.of(Exprs.add(Exprs.mul(X, 2), 3)).key());
  }

  @Test
  void inputsAreThoseThatAreRead() {
    BitSet expected = new BitSet();
    expected.set(1);
    assertEquals(expected, Exprs.inputs(Exprs.add(Y, Exprs.mul(Y, 2))));
  }

  @Test
  void substitutionComposes() {
    Expr outer = Exprs.exp(Exprs.mul(X, Y));
    Expr composed = Exprs.substitute(outer, List.of(Y, Exprs.neg(X)));
    assertEquals(Exprs.exp(Exprs.mul(Y, Exprs.neg(X))), composed);
    assertThrows(
        DTypeException.class, () -> Exprs.substitute(outer, List.of(X, Exprs.input(0, FLOAT64))));
  }
}
