package dev.proteus.op;

/// Whether a loss has the terms that do not depend on the input.
public enum Constants {
  LEFT_OUT,
  INCLUDED
}
