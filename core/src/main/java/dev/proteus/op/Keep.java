package dev.proteus.op;

/// What a reduction leaves of the axes it folds.
public enum Keep {
  /// Nothing: the result has fewer axes.
  NONE,
  /// Each axis with size 1, so that the result broadcasts against the operand.
  AXES
}
