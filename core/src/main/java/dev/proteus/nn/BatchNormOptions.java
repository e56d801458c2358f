package dev.proteus.nn;

import java.util.OptionalDouble;

/// How a batch normalisation works: `BatchNormOptions.DEFAULT.withMomentum(0.01)`.
///
/// @param eps what is added to the variance
/// @param momentum share of a batch in the running statistics; empty for the mean over all batches
/// @param affine whether the result is scaled and moved
/// @param statistics what is normalised by in use
public record BatchNormOptions(
    double eps, OptionalDouble momentum, Affine affine, Statistics statistics) {
  /// What is normalised by in use.
  public enum Statistics {
    /// Running statistics of the batches seen in training.
    RUNNING,
    /// The batch's own, as in training; nothing is kept.
    BATCH
  }

  /// 1e-5, 0.1, scaled and moved, with running statistics.
  public static final BatchNormOptions DEFAULT =
      new BatchNormOptions(1e-5, OptionalDouble.of(0.1), Affine.LEARNED, Statistics.RUNNING);

  public BatchNormOptions withEps(double newEps) {
    return new BatchNormOptions(newEps, momentum, affine, statistics);
  }

  public BatchNormOptions withMomentum(double newMomentum) {
    return new BatchNormOptions(eps, OptionalDouble.of(newMomentum), affine, statistics);
  }

  /// These, but running statistics are the mean over all batches.
  public BatchNormOptions withCumulativeAverage() {
    return new BatchNormOptions(eps, OptionalDouble.empty(), affine, statistics);
  }

  public BatchNormOptions withAffine(Affine newAffine) {
    return new BatchNormOptions(eps, momentum, newAffine, statistics);
  }

  public BatchNormOptions withStatistics(Statistics newStatistics) {
    return new BatchNormOptions(eps, momentum, affine, newStatistics);
  }
}
