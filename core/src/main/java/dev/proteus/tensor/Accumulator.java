package dev.proteus.tensor;

/// The end point of a graph at a leaf: adds the arriving gradient to the leaf's (rule AG-12).
final class Accumulator implements GradTarget {
  /// Where gradients go; another one after a swap that retargets (rule SW-35).
  private volatile TensorBody body;

  private volatile boolean retargeted;
  private volatile boolean stale;

  Accumulator(TensorBody body) {
    this.body = body;
  }

  TensorBody body() {
    return body;
  }

  /// Whether gradients have nowhere to go: a swap made it so, or took this to a body that does not
  /// learn.
  boolean isStale() {
    return stale || retargeted && !body.tapeOrNew().isLeafToLearn();
  }

  void poison() {
    stale = true;
  }

  void retarget(TensorBody newBody) {
    body = newBody;
    retargeted = true;
  }

  /// Leaves are served before any node that is older than nothing: as soon as their gradient is
  /// whole.
  @Override
  public long sequence() {
    return -1;
  }
}
