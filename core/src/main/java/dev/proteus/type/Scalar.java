package dev.proteus.type;

/// A number of the host: the lowest rank of operand in promotion (rules DT-2, DT-3).
public sealed interface Scalar {
  /// A truth value.
  record Bool(boolean value) implements Scalar {}

  /// An integer.
  record Int(long value) implements Scalar {}

  /// A real number.
  record Real(double value) implements Scalar {}

  static Scalar of(boolean value) {
    return new Bool(value);
  }

  static Scalar of(long value) {
    return new Int(value);
  }

  static Scalar of(double value) {
    return new Real(value);
  }

  default DType.Category category() {
    return switch (this) {
      case Bool _ -> DType.Category.BOOL;
      case Int _ -> DType.Category.INTEGER;
      case Real _ -> DType.Category.FLOATING;
    };
  }

  default double asDouble() {
    return switch (this) {
      case Bool(boolean value) -> value ? 1 : 0;
      case Int(long value) -> value;
      case Real(double value) -> value;
    };
  }

  /// The value as an integer, a real one truncated toward zero.
  default long asLong() {
    return switch (this) {
      case Bool(boolean value) -> value ? 1 : 0;
      case Int(long value) -> value;
      case Real(double value) -> (long) value;
    };
  }

  /// Whether the value is not zero; NaN counts as true (rule DT-24).
  default boolean asBoolean() {
    return asDouble() != 0;
  }
}
