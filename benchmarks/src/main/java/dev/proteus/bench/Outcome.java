package dev.proteus.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// What a work took each engine: the median time of an iteration, in nanoseconds.
///
/// @param work the work
/// @param nanos median by engine; engines that cannot do it are left out
record Outcome(Work work, SequencedMap<String, Double> nanos) {
  /// The speed of `engine` as a share of the best other's; above 1 it is faster.
  OptionalDouble ratio(String engine) {
    Double own = nanos.get(engine);
    OptionalDouble best =
        nanos.entrySet().stream()
            .filter(e -> !e.getKey().equals(engine))
            .mapToDouble(Map.Entry::getValue)
            .min();
    return own == null || best.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(best.getAsDouble() / own);
  }

  static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
