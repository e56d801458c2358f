package dev.proteus.tensor;

/// One result of a recorded call, or a leaf: where the gradient of an operand goes.
///
/// @param target the call or the leaf
/// @param output which result of the call; 0 for a leaf
record Edge(GradTarget target, int output) {}
