package dev.proteus.op;

/// Different values, and how to find them again.
///
/// @param values each value once
/// @param inverse for each element the place of its value, int64
/// @param counts how often each value occurs, int64
public record Unique<T>(T values, T inverse, T counts) {}
