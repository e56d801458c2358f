package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The checks that operators share; each message names the operator and what it met.
final class Operands {
  private Operands() {}

  /// @throws DTypeException if the operands differ in element type: there is no promotion here
  ///   (rule DT-8)
  static void sameType(String operator, List<TensorSpec> inputs) {
    for (TensorSpec input : inputs) {
      if (input.dtype() != inputs.getFirst().dtype()) {
        throw new DTypeException(
            "%s: operands are %s and %s; they must be the same"
                .formatted(operator, inputs.getFirst().dtype(), input.dtype()));
      }
    }
  }

  /// @throws DTypeException if the operands are not of one floating type
  static void floating(String operator, List<TensorSpec> inputs) {
    sameType(operator, inputs);
    if (!inputs.getFirst().dtype().isFloating()) {
      throw new DTypeException(
          "%s: operand is %s; it must be floating, cast it first"
              .formatted(operator, inputs.getFirst().dtype()));
    }
  }

  /// @throws ShapeException if an operand has another shape than the operator needs
  static void shape(String operator, String operand, Shape met, Shape right) {
    if (!met.equals(right)) {
      throw new ShapeException(
          "%s: %s is %s; it must be %s".formatted(operator, operand, met, right));
    }
  }

  /// @throws ShapeException if an operand has fewer axes than the operator needs
  static void atLeast(String operator, String operand, Shape met, int rank) {
    if (met.rank() < rank) {
      throw new ShapeException(
          "%s: %s is %s; it must have at least %s%s"
              .formatted(operator, operand, met, rank, rank == 1 ? " axis" : " axes"));
    }
  }

  /// @throws DTypeException or ShapeException if an operand has another type or shape than needed
  static void is(String operator, String operand, TensorSpec met, TensorSpec right) {
    shape(operator, operand, met.shape(), right.shape());
    if (met.dtype() != right.dtype()) {
      throw new DTypeException(
          "%s: %s is %s; it must be %s".formatted(operator, operand, met.dtype(), right.dtype()));
    }
  }

  /// @throws ShapeException if an operand has another number of axes than the operator needs
  static void rank(String operator, String operand, Shape met, int rank) {
    if (met.rank() != rank) {
      throw new ShapeException(
          "%s: %s is %s; it must have %s axes".formatted(operator, operand, met, rank));
    }
  }
}
