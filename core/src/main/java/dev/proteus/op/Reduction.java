package dev.proteus.op;

/// What a loss does with the losses of its elements.
public enum Reduction {
  /// Keeps them.
  NONE,
  /// Their mean; where elements have weights, the weighted one.
  MEAN,
  /// Their sum.
  SUM
}
