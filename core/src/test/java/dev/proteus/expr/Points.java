package dev.proteus.expr;

/// Operands for expressions in tests.
final class Points {
  private Points() {}

  /// Operands with these values; those of integer type truncated. Coordinate `i` is `100 + i`.
  static Evaluate.Point of(double... values) {
    return new Evaluate.Point() {
      @Override
      public double real(int input) {
        return values[input];
      }

      @Override
      public long integer(int input) {
        return (long) values[input];
      }

      @Override
      public long coordinate(int axis) {
        return 100L + axis;
      }
    };
  }

  /// An expression computed at these operands.
  static Evaluate evaluated(Expr expr, double... values) {
    Evaluate evaluate = Evaluate.of(expr);
    evaluate.at(of(values));
    return evaluate;
  }

  /// The value of a floating expression at these operands.
  static double real(Expr expr, double... values) {
    return evaluated(expr, values).real();
  }
}
