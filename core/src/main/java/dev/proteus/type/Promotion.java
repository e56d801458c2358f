package dev.proteus.type;

import dev.proteus.type.DType.Category;
import java.util.List;

/// Which element type mixed operands compute in (rules DT-1 to DT-3).
public final class Promotion {
  /// The default floating type: what a real host scalar has by itself, and what integers become
  /// where results are real (rules DT-3, DT-7).
  public static final DType REAL = DType.FLOAT32;

  private Promotion() {}

  /// The common type of two operands of equal rank (the table of rule DT-1).
  public static DType of(DType a, DType b) {
    if (a == b) {
      return a;
    }
    if (a.category() != b.category()) {
      return a.category().compareTo(b.category()) > 0 ? a : b;
    }
    return switch (a.category()) {
      case BOOL -> DType.BOOL;
      case FLOATING -> widerFloat(a, b);
      case INTEGER -> widerInteger(a, b);
    };
  }

  private static DType widerFloat(DType a, DType b) {
    return a == DType.FLOAT64 || b == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
  }

  private static DType widerInteger(DType a, DType b) {
    DType wide = a.bytes() >= b.bytes() ? a : b;
    return wide.bytes() == 1 ? DType.INT16 : wide;
  }

  /// The common type of operands by rank: tensors with dimensions first, then 0-dim ones. A lower
  /// rank counts only where its category is higher (rule DT-2).
  public static DType of(List<TensorSpec> operands) {
    DType dimensioned = null;
    DType zeroDim = null;
    for (TensorSpec spec : operands) {
      if (spec.shape().rank() > 0) {
        dimensioned = dimensioned == null ? spec.dtype() : of(dimensioned, spec.dtype());
      } else {
        zeroDim = zeroDim == null ? spec.dtype() : of(zeroDim, spec.dtype());
      }
    }
    if (dimensioned != null) {
      return zeroDim == null ? dimensioned : ranked(dimensioned, zeroDim);
    }
    if (zeroDim != null) {
      return zeroDim;
    }
    throw new IllegalArgumentException("promotion: no operands");
  }

  /// The common type of a tensor operand and a host scalar (rule DT-2); `real` is the default
  /// floating type.
  public static DType of(DType tensor, Scalar scalar, DType real) {
    return ranked(tensor, of(scalar, real));
  }

  /// The type a host scalar has by itself (rule DT-3); `real` is the default floating type.
  public static DType of(Scalar scalar, DType real) {
    return switch (scalar.category()) {
      case BOOL -> DType.BOOL;
      case INTEGER -> DType.INT64;
      case FLOATING -> real;
    };
  }

  /// The common type of an operand of higher and one of lower rank: the lower counts only where its
  /// category is higher (rule DT-2).
  public static DType ranked(DType high, DType low) {
    return low.category().compareTo(high.category()) > 0 ? of(high, low) : high;
  }

  /// The floating type that `type` computes in where an operator has real results (rule DT-7).
  public static DType floating(DType type, DType real) {
    return type.category() == Category.FLOATING ? type : real;
  }
}
