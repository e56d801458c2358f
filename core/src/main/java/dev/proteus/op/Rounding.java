package dev.proteus.op;

/// What happens to a last pooling window that only partly fits.
public enum Rounding {
  /// It is left out.
  FLOOR,
  /// It counts, if it starts inside the input or its left padding (section 5.1 of the rules).
  CEIL
}
