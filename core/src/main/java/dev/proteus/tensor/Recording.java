package dev.proteus.tensor;

import java.util.Optional;

/// How calls are recorded for derivatives: a part of [Scope].
///
/// @param grad whether they are
/// @param anomaly whether NaN in gradients is looked for (rule AG-19)
/// @param hooks what is done to tensors kept for a derivative (rule AG-43)
record Recording(Scope.Grad grad, Anomaly anomaly, Optional<SavedTensorHooks<?>> hooks) {
  static final Recording DEFAULT =
      new Recording(Scope.Grad.ENABLED, Anomaly.IGNORED, Optional.empty());

  /// Whether NaN in gradients is looked for.
  enum Anomaly {
    IGNORED,
    DETECTED
  }

  Recording withGrad(Scope.Grad mode) {
    return new Recording(mode, anomaly, hooks);
  }

  Recording withAnomaly(Anomaly detection) {
    return new Recording(grad, detection, hooks);
  }

  Recording withHooks(SavedTensorHooks<?> newHooks) {
    return new Recording(grad, anomaly, Optional.of(newHooks));
  }

  boolean detectsAnomaly() {
    return anomaly == Anomaly.DETECTED;
  }

  boolean isInference() {
    return grad == Scope.Grad.INFERENCE;
  }
}
