package dev.proteus.tensor;

/// Where gradients arrive: a recorded call, or a leaf.
sealed interface GradTarget permits Node, Accumulator {
  /// Position in the order of recording; later ones are served first (rule AG-16).
  long sequence();
}
