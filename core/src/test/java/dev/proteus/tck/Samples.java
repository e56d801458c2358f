package dev.proteus.tck;

import java.util.List;
import java.util.stream.Stream;

/// The samples of all operators, family by family.
public final class Samples {
  private static final List<Sample> ALL =
      Stream.of(
              PointwiseSamples.ARITHMETIC,
              PointwiseSamples.WITH_NUMBERS,
              PointwiseSamples.COMPARISONS,
              PointwiseSamples.CHOICES,
              PointwiseSamples.ROUNDING,
              PointwiseSamples.FUNCTIONS,
              PointwiseSamples.ACTIVATIONS,
              PointwiseSamples.CASTS,
              ReduceSamples.FOLDS,
              ReduceSamples.PLACES,
              ReduceSamples.RUNNING,
              ReduceSamples.SORTING,
              ReduceSamples.STATISTICS,
              ViewSamples.VIEWS,
              ViewSamples.COPIES,
              ViewSamples.PLACED,
              IndexSamples.BRACKETS,
              IndexSamples.ALONG_AXES,
              IndexSamples.MASKED,
              IndexSamples.SETS,
              LinalgSamples.PRODUCTS,
              LinalgSamples.EQUATIONS,
              LinalgSamples.DECOMPOSITIONS,
              NnSamples.ACTIVATIONS,
              NnSamples.NORMS,
              NnSamples.LAYERS,
              NnSamples.DROPOUT,
              SpatialSamples.CONVOLUTIONS,
              SpatialSamples.POOLS,
              SpatialSamples.MAXIMA,
              SpatialSamples.RESAMPLING,
              LossSamples.CLASSES,
              LossSamples.DISTANCES,
              LossSamples.MARGINS,
              CreationSamples.VALUES,
              CreationSamples.RANDOM)
          .flatMap(List::stream)
          .toList();

  private Samples() {}

  /// All samples; no two have one name.
  public static List<Sample> all() {
    return ALL;
  }
}
