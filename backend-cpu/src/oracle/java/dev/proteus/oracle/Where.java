package dev.proteus.oracle;

import dev.proteus.type.DType;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;

/// Kinds of cases, to say where a difference is declared.
final class Where {
  private Where() {}

  static Predicate<Case> always() {
    return _ -> true;
  }

  /// Gradients are compared.
  static Predicate<Case> gradients() {
    return Case::wantsGradients;
  }

  /// An operand has one of these types.
  static Predicate<Case> type(DType... some) {
    return drawn ->
        drawn.operands().stream().anyMatch(each -> Arrays.asList(some).contains(each.dtype()));
  }

  /// The operand that is written to repeats its elements.
  static Predicate<Case> writesExpanded() {
    return drawn ->
        drawn.mode() == Case.Mode.INPLACE
            && drawn.operands().getFirst().placement() == Placement.EXPANDED;
  }

  /// An operand is not row-major.
  static Predicate<Case> placed() {
    return drawn -> drawn.operands().stream().anyMatch(each -> each.placement() != Placement.PLAIN);
  }

  /// An operand has no elements.
  static Predicate<Case> empty() {
    return drawn -> drawn.operands().stream().anyMatch(each -> each.shape().numel() == 0);
  }

  /// An operand repeats its elements.
  static Predicate<Case> expanded() {
    return drawn ->
        drawn.operands().stream().anyMatch(each -> each.placement() == Placement.EXPANDED);
  }

  static Predicate<Case> halves() {
    return type(DType.FLOAT16, DType.BFLOAT16);
  }

  /// An operand has such an element.
  static Predicate<Case> has(DoublePredicate element) {
    return drawn -> drawn.operands().stream().anyMatch(each -> has(each, element));
  }

  /// The named operand has such an element.
  static Predicate<Case> has(String name, DoublePredicate element) {
    return drawn -> drawn.argument(name) instanceof Operand each && has(each, element);
  }

  static Predicate<Case> nan() {
    return has(Double::isNaN);
  }

  static Predicate<Case> zero() {
    return has(value -> value == 0);
  }

  private static boolean has(Operand operand, DoublePredicate element) {
    Elements elements = operand.elements();
    for (long i = 0; i < elements.shape().numel(); i++) {
      if (element.test(elements.number(i))) {
        return true;
      }
    }
    return false;
  }
}
