package dev.proteus.nn;

/// Whether a layer adds a learned vector to its result.
public enum Bias {
  LEARNED,
  NONE
}
