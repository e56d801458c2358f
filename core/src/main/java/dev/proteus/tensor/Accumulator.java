package dev.proteus.tensor;

/// The end point of a graph at a leaf: adds the arriving gradient to the leaf's (rule AG-12).
final class Accumulator implements GradTarget {
  private final TensorBody body;
  private volatile boolean stale;

  Accumulator(TensorBody body) {
    this.body = body;
  }

  TensorBody body() {
    return body;
  }

  boolean isStale() {
    return stale;
  }

  void poison() {
    stale = true;
  }

  /// Leaves are served before any node that is older than nothing: as soon as their gradient is
  /// whole.
  @Override
  public long sequence() {
    return -1;
  }
}
