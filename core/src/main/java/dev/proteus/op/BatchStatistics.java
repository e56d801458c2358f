package dev.proteus.op;

/// A normalised batch and what it was normalised by.
///
/// @param output the result
/// @param mean mean of each channel; of halves, in float32
/// @param var variance of each channel, that of the population: `n / (n − 1)` times it is unbiased
public record BatchStatistics<T>(T output, T mean, T var) {}
