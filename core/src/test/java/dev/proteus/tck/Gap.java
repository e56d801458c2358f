package dev.proteus.tck;

import java.util.Set;

/// Something a backend lacks, and why.
///
/// @param name parts of the names of the trials that fail for it, as `float64` or `softmax ·
///   float16`
/// @param reason what stands in the way
public record Gap(String name, String reason) {
  public Gap {
    if (name.isBlank() || reason.isBlank()) {
      throw new IllegalArgumentException(
          "gap: name '%s', reason '%s'; it needs both".formatted(name, reason));
    }
  }

  /// Whether a trial may fail for this.
  boolean covers(Trial trial) {
    return trial.parts().containsAll(Set.of(name.split(" · ")));
  }

  @Override
  public String toString() {
    return name + ": " + reason;
  }
}
