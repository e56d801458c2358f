package dev.proteus.codegen;

/// A kernel as text, to follow a [Target#prelude()].
///
/// @param name the name of its entry
/// @param text its definition
public record KernelSource(String name, String text) {}
