package dev.proteus.tck;

import dev.proteus.type.DType;
import dev.proteus.type.Shape;

/// One operand of a sample.
///
/// @param role what the operator does with it
/// @param domain which values it takes
/// @param shape its sizes in the sample's first case
public record Arg(Role role, Domain domain, Shape shape) {
  /// What the operator does with an operand.
  public enum Role {
    /// It has the type that is tried, and a gradient if that is floating.
    VALUE,
    /// It has the type that is tried, and no gradient.
    CONSTANT,
    /// It is int64.
    INDEX,
    /// It is bool.
    MASK
  }

  /// Values of either sign.
  public static Arg x(long... sizes) {
    return x(Domain.ANY, sizes);
  }

  /// Values of a domain.
  public static Arg x(Domain domain, long... sizes) {
    return new Arg(Role.VALUE, domain, Shape.of(sizes));
  }

  /// Values that get no gradient.
  public static Arg constant(Domain domain, long... sizes) {
    return new Arg(Role.CONSTANT, domain, Shape.of(sizes));
  }

  /// Whole numbers from 0 to `end`, exclusive.
  public static Arg index(int end, long... sizes) {
    return new Arg(Role.INDEX, Domain.integers(0, end), Shape.of(sizes));
  }

  /// Whole numbers of a domain.
  public static Arg index(Domain domain, long... sizes) {
    return new Arg(Role.INDEX, domain, Shape.of(sizes));
  }

  /// Truth values.
  public static Arg mask(long... sizes) {
    return new Arg(Role.MASK, Domain.ANY, Shape.of(sizes));
  }

  /// The operand's type where `tried` is tried.
  DType dtype(DType tried) {
    return switch (role) {
      case VALUE, CONSTANT -> tried;
      case INDEX -> DType.INT64;
      case MASK -> DType.BOOL;
    };
  }

  /// Whether gradients flow to the operand where `tried` is tried.
  boolean hasGradient(DType tried) {
    return role == Role.VALUE && tried.isFloating();
  }
}
