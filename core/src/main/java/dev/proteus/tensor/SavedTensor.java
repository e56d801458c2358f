package dev.proteus.tensor;

import dev.proteus.error.StaleGraphException;
import org.jspecify.annotations.Nullable;

/// A body kept for a derivative, with the version it had.
final class SavedTensor {
  private final TensorBody body;
  private final int version;
  private final @Nullable Edge edge;

  private SavedTensor(TensorBody body, @Nullable Edge edge) {
    this.body = body;
    this.version = body.shared().version();
    this.edge = edge;
    body.retain();
  }

  static SavedTensor of(TensorBody body, @Nullable Edge edge) {
    return new SavedTensor(body, edge);
  }

  /// The tensor as it was, with its place in the graph at that time.
  ///
  /// @throws StaleGraphException if it was written in place since (rule AG-21)
  Tensor unpack(String operator) {
    int now = body.shared().version();
    if (now != version) {
      throw new StaleGraphException(
          operator
              + ": backward needs the tensor "
              + body.spec()
              + " as it was at version "
              + version
              + ", but an in-place operation has modified it to version "
              + now
              + "; clone it before writing in place");
    }
    TensorBody alias = body.alias();
    if (edge != null) {
      Recorder.connect(alias, edge);
    }
    return new Tensor(alias);
  }

  void free() {
    body.release();
  }
}
