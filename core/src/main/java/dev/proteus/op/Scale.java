package dev.proteus.op;

/// How probabilities and rates are given to a loss.
public enum Scale {
  /// As they are.
  LINEAR,
  /// As their logarithms.
  LOG
}
