package dev.proteus.tensor;

/// Hears that a tensor got another body: caches, padded copies, flat views of it are out of date.
@FunctionalInterface
public interface BodyListener {
  /// Called by the thread that made the change, after it is done and without any lock held. What it
  /// throws is logged and goes no further: the change stands, and others are told too.
  void changed(BodyChange change);
}
