package dev.proteus.oracle;

import dev.proteus.type.DType;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// Runs cases of a rule on both sides and compares.
record Trial(Rule rule) {
  Verdict run(Case drawn) {
    Verdict verdict = compared(drawn);
    Optional<Rule.Difference> declared = rule.difference(drawn);
    if (declared.isEmpty()) {
      return verdict;
    }
    return new Verdict.Declared(declared.get(), verdict instanceof Verdict.Differs);
  }

  private Verdict compared(Case drawn) {
    return switch (TorchSide.run(rule, drawn)) {
      case Outcome.Results expected -> judged(drawn, expected, ProteusSide.run(rule, drawn));
      case Outcome.Refusal(String why) -> refused(why, ProteusSide.run(rule, drawn));
      case Outcome.Lacking(String why) -> lacking(why, ProteusSide.run(rule, drawn));
      case Outcome.Breakdown(String why) -> new Verdict.Differs("oracle", why);
    };
  }

  private static Verdict refused(String why, Outcome ours) {
    return switch (ours) {
      case Outcome.Refusal _ -> new Verdict.Refused();
      case Outcome.Results _ ->
          new Verdict.Differs("accepted", "there are results; PyTorch refuses: " + why);
      case Outcome.Breakdown(String how) -> new Verdict.Differs("broken", how);
      case Outcome.Lacking(String how) -> new Verdict.Differs("broken", how);
    };
  }

  private static Verdict lacking(String why, Outcome ours) {
    return switch (ours) {
      case Outcome.Results _, Outcome.Refusal _ -> new Verdict.Unanswered(why);
      case Outcome.Breakdown(String how) -> new Verdict.Differs("broken", how);
      case Outcome.Lacking(String how) -> new Verdict.Differs("broken", how);
    };
  }

  private Verdict judged(Case drawn, Outcome.Results expected, Outcome ours) {
    return switch (ours) {
      case Outcome.Results actual ->
          comparison(drawn)
              .differences(expected.all(), actual.all())
              .<Verdict>map(how -> new Verdict.Differs("result", how))
              .orElseGet(Verdict.Agreed::new);
      case Outcome.Refusal(String why) ->
          new Verdict.Differs("refused", "refused: " + why + "; PyTorch has results");
      case Outcome.Breakdown(String how) -> new Verdict.Differs("broken", how);
      case Outcome.Lacking(String how) -> new Verdict.Differs("broken", how);
    };
  }

  private Comparison comparison(Case drawn) {
    Tolerance tolerance =
        drawn.wantsGradients() ? rule.tolerance().ofDerivative() : rule.tolerance();
    boolean signed = rule.traits().contains(Rule.Trait.SIGNED_ZEROS);
    return new Comparison(
        tolerance,
        magnitude(drawn),
        drawn.wantsGradients() ? coarsest(drawn) : DType.FLOAT64,
        signed && !drawn.wantsGradients() ? Comparison.Zeros.SIGNED : Comparison.Zeros.EQUAL);
  }

  private static DType coarsest(Case drawn) {
    Stream<DType> named =
        drawn.argument("dtype", Value.Absent.NONE) instanceof Value.Word(String name)
            ? Stream.of(DType.parse(name))
            : Stream.empty();
    return Stream.concat(named, drawn.operands().stream().map(Operand::dtype))
        .max(Comparator.comparingDouble(Numbers::epsilon))
        .orElse(DType.FLOAT64);
  }

  /// What the greatest number that takes part may be: a product of operands, summed.
  private static double magnitude(Case drawn) {
    double product = 1;
    long terms = 1;
    boolean half = false;
    for (Operand operand : drawn.operands()) {
      if (operand.dtype().isFloating()) {
        product *= Math.max(1, operand.elements().magnitude());
        terms = Math.max(terms, operand.shape().numel());
        half |= operand.dtype().isHalf();
      }
    }
    return half ? product : product * Math.sqrt((double) terms);
  }
}
