package dev.proteus.oracle;

import dev.proteus.type.DType;

/// How near is near enough, for all rules in one place. Integers and truth values are always equal.
///
/// @param steps distances between neighbours of the result's type, at the result
/// @param spread the same at the greatest number that took part, for sums that cancel
record Tolerance(double steps, double spread) {
  /// Elements that are only moved, or computed by operations that round correctly.
  static final Tolerance EXACT = new Tolerance(0, 0);

  /// One step of arithmetic that may be contracted, or be done in another order.
  static final Tolerance ROUNDED = new Tolerance(2, 0);

  /// Functions, which libraries compute differently.
  static final Tolerance FUNCTION = new Tolerance(12, 0);

  /// Functions that lose digits where their value is near 0.
  static final Tolerance CURVED = new Tolerance(24, 4);

  /// Sums and all that is made of them.
  static final Tolerance FOLDED = new Tolerance(24, 8);

  /// Decompositions and solutions of equations.
  static final Tolerance SOLVED = new Tolerance(2000, 2000);

  /// Derivatives are made of more steps than what they are derivatives of.
  Tolerance ofDerivative() {
    return new Tolerance(Math.max(32, 4 * steps), Math.max(8, 4 * spread));
  }

  /// The greatest distance of a result from what is expected.
  ///
  /// @param magnitude the greatest number that took part
  double allowed(DType dtype, double expected, double magnitude) {
    double near = steps == 0 ? 0 : steps * Math.abs(expected);
    double far = spread == 0 ? 0 : spread * magnitude;
    double least = steps == 0 ? 0 : Numbers.least(dtype) * steps;
    return Numbers.epsilon(dtype) * (near + far) + least;
  }
}
