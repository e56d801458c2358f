package dev.proteus.backend.cpu;

import dev.proteus.expr.Fn;
import dev.proteus.expr.Step;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.List;
import java.util.Optional;

/// The sum of two operands of float32, each perhaps multiplied by a constant: what optimizers do.
///
/// @param left first term
/// @param right second term
record ScaledSum(Term left, Term right) {
  /// An operand and its factor.
  ///
  /// @param operand which operand
  /// @param slot the constant that it is multiplied by, or -1 for none
  /// @param isSubtracted whether the product is subtracted
  record Term(int operand, int slot, boolean isSubtracted) {
    float factor(List<Scalar> constants) {
      float factor = slot < 0 ? 1 : (float) constants.get(slot).asDouble();
      return isSubtracted ? -factor : factor;
    }
  }

  /// The sum that the steps of an expression are, if they are one.
  static Optional<ScaledSum> of(List<Step> steps) {
    if (!(steps.getLast() instanceof Step.Call(Fn fn, DType dtype, List<Integer> args))
        || dtype != DType.FLOAT32
        || fn != Fn.ADD && fn != Fn.SUB) {
      return Optional.empty();
    }
    Optional<Term> left = term(steps, args.get(0), false);
    Optional<Term> right = term(steps, args.get(1), fn == Fn.SUB);
    boolean isScaled = left.isPresent() && right.isPresent();
    return isScaled ? Optional.of(new ScaledSum(left.get(), right.get())) : Optional.empty();
  }

  private static Optional<Term> term(List<Step> steps, int step, boolean isSubtracted) {
    if (steps.get(step) instanceof Step.Input(int index, _)) {
      return Optional.of(new Term(index, -1, isSubtracted));
    }
    if (steps.get(step) instanceof Step.Call(Fn fn, _, List<Integer> args) && fn == Fn.MUL) {
      Step a = steps.get(args.get(0));
      Step b = steps.get(args.get(1));
      if (a instanceof Step.Input(int index, _) && b instanceof Step.Const(int slot, _)) {
        return Optional.of(new Term(index, slot, isSubtracted));
      }
      if (b instanceof Step.Input(int index, _) && a instanceof Step.Const(int slot, _)) {
        return Optional.of(new Term(index, slot, isSubtracted));
      }
    }
    return Optional.empty();
  }
}
