package dev.proteus.codegen;

/// How an operand moves along the innermost axis of a loop: what a kernel is made for, so that
/// compilers see steps of one and turn them into vectors.
public enum Pace {
  /// It is the same element.
  STAYS,
  /// It moves to the next element.
  STEPS,
  /// It moves by a stride that is passed.
  LEAPS;

  /// The pace of a stride.
  public static Pace of(long stride) {
    return stride == 0 ? STAYS : stride == 1 ? STEPS : LEAPS;
  }

  /// A place `j` elements on, as an expression.
  String place(String start, String j, String stride) {
    return switch (this) {
      case STAYS -> start;
      case STEPS -> start + " + " + j;
      case LEAPS -> start + " + " + j + " * " + stride;
    };
  }
}
