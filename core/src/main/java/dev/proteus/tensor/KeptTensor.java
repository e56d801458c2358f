package dev.proteus.tensor;

import dev.proteus.error.StaleGraphException;
import dev.proteus.type.TensorSpec;
import org.jspecify.annotations.Nullable;

/// A body kept as it is, with the version it had.
final class KeptTensor implements SavedTensor {
  private final TensorBody body;
  private final int version;
  private final @Nullable Edge edge;

  KeptTensor(TensorBody body, @Nullable Edge edge) {
    this.body = body;
    this.version = body.shared().version();
    this.edge = edge;
    body.retain();
  }

  @Override
  public Tensor unpack(String operator) {
    checkVersion(operator, body.spec(), version, body.shared());
    TensorBody alias = body.alias();
    if (edge != null) {
      Recorder.connect(alias, edge);
    }
    return new Tensor(alias);
  }

  /// Fails if a storage was written since it had `version`.
  static void checkVersion(String operator, TensorSpec spec, int version, Shared shared) {
    int now = shared.version();
    if (now != version) {
      throw new StaleGraphException(
          operator
              + ": backward needs the tensor "
              + spec
              + " as it was at version "
              + version
              + ", but an in-place operation has modified it to version "
              + now
              + "; clone it before writing in place (rule AG-21)");
    }
  }

  @Override
  public void free() {
    body.release();
  }
}
