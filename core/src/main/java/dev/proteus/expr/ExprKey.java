package dev.proteus.expr;

import java.util.List;

/// The structure of an expression without the values of its constants: what a compiled kernel
/// depends on, made to be a key.
///
/// Two expressions have equal keys if one is the other with constants of the same types replaced
/// one for one; then the same kernel runs both, given the constants of their [Listing].
public final class ExprKey {
  private final List<Step> steps;
  private final int hash;

  ExprKey(List<Step> steps) {
    this.steps = List.copyOf(steps);
    this.hash = this.steps.hashCode();
  }

  /// The steps, each after those it reads; the last one is the result.
  public List<Step> steps() {
    return steps;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof ExprKey key && hash == key.hash && steps.equals(key.steps));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "ExprKey" + steps;
  }
}
