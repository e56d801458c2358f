package dev.proteus.nn;

/// Whether a normalisation scales and moves its result by what it learned.
public enum Affine {
  LEARNED,
  NONE
}
