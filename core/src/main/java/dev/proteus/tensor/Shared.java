package dev.proteus.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// What a tensor, its views and its detached aliases have in common: one storage, one version (rule
/// AG-20), and a count of the bodies that someone may still read. When the count falls to zero the
/// storage is released at once; bodies that are merely forgotten keep it above zero and leave the
/// storage to the garbage collector.
final class Shared {
  private static final VarHandle VERSION;
  private static final VarHandle OWNERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      VERSION = lookup.findVarHandle(Shared.class, "version", int.class);
      OWNERS = lookup.findVarHandle(Shared.class, "owners", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Runnable letGo;
  private final boolean inference;
  private volatile int version;
  private volatile int owners;

  /// @param inference whether it is made in inference mode and counts no versions (rule AG-31)
  private Shared(Runnable letGo, boolean inference) {
    this.letGo = letGo;
    this.inference = inference;
  }

  /// What is shared of a new payload.
  static Shared of(Payload payload, boolean inference) {
    return switch (payload) {
      case Payload.Dense dense -> new Shared(dense.storage()::release, inference);
      case Payload.Meta _, Payload.Uninitialized _ -> new Shared(() -> {}, inference);
      case Payload.Wrapped<?> wrapped -> new Shared(wrapped::release, inference);
    };
  }

  boolean isInference() {
    return inference;
  }

  /// How often the content was written in place.
  int version() {
    return version;
  }

  void bumpVersion() {
    if (!inference) {
      VERSION.getAndAdd(this, 1);
    }
  }

  /// Whether exactly one body reads this storage.
  boolean isExclusive() {
    return owners == 1;
  }

  void retain() {
    OWNERS.getAndAdd(this, 1);
  }

  void release() {
    int left = (int) OWNERS.getAndAdd(this, -1) - 1;
    if (left == 0) {
      letGo.run();
    }
  }
}
