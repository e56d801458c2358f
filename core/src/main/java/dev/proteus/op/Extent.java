package dev.proteus.op;

/// How far values reach.
///
/// @param min the smallest
/// @param max the largest
public record Extent<T>(T min, T max) {}
