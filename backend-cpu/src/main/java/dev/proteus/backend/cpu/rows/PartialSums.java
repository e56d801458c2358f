package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.vector.InnerLoops;
import java.util.ArrayList;
import java.util.List;

/// Sums over rows, kept in parts that do not depend on the number of threads.
final class PartialSums {
  private static final int PARTS = 32;

  private final List<float[]> parts = new ArrayList<>();

  /// @param length elements of a sum
  PartialSums(Rows rows, int length) {
    int count = Math.min(PARTS, rows.slices());
    for (int i = 0; i < count; i++) {
      parts.add(new float[length]);
    }
  }

  /// Number of parts.
  int parts() {
    return parts.size();
  }

  float[] part(int number) {
    return parts.get(number);
  }

  /// All parts added up, in order; they are not parts any more.
  float[] sum() {
    float[] sum = parts.getFirst();
    for (float[] part : parts.subList(1, parts.size())) {
      InnerLoops.CHOSEN.rows().add(sum, 0, part, 0, sum.length);
    }
    return sum;
  }
}
