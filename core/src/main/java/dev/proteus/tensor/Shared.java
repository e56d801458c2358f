package dev.proteus.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

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

  /// Of a kind, the parts: its versions are theirs, so that whoever reads one of them, such as a
  /// view that the kind makes, sees each write.
  private final List<TensorBody> parts;

  private final boolean inference;
  private volatile int version;
  private volatile int owners;

  /// @param inference whether it is made in inference mode and counts no versions (rule AG-31)
  private Shared(Runnable letGo, List<TensorBody> parts, boolean inference) {
    this.letGo = letGo;
    this.parts = parts;
    this.inference = inference;
  }

  /// What is shared of a new payload.
  static Shared of(Payload payload, boolean inference) {
    return switch (payload) {
      case Payload.Dense dense -> new Shared(dense.storage()::release, List.of(), inference);
      case Payload.Meta _, Payload.Uninitialized _ -> new Shared(() -> {}, List.of(), inference);
      case Payload.Wrapped<?> wrapped -> new Shared(wrapped::release, wrapped.parts(), inference);
    };
  }

  boolean isInference() {
    return inference;
  }

  /// How often the content was written in place; of a kind, how often its parts were.
  int version() {
    int writes = version;
    for (int i = 0; i < parts.size(); i++) {
      writes += parts.get(i).shared().version();
    }
    return writes;
  }

  void bumpVersion() {
    if (!inference && parts.isEmpty()) {
      VERSION.getAndAdd(this, 1);
    }
  }

  /// Whether exactly one body reads this storage; of a kind, those of its parts.
  boolean isExclusive() {
    return owners == 1
        && (parts.isEmpty() || parts.stream().allMatch(part -> part.shared().isExclusive()));
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
