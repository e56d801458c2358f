package dev.proteus.op;

/// Values picked along an axis, and where they were.
///
/// @param values the values
/// @param indices their places along the axis, int64
public record Indexed<T>(T values, T indices) {}
