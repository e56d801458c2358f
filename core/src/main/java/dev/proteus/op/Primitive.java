package dev.proteus.op;

/// An operator that every backend must run: the four.
public sealed interface Primitive extends Op, Differentiable permits Map, Reduce, Gather, Scatter {}
