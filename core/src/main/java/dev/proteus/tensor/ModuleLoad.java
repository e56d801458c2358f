package dev.proteus.tensor;

import java.util.Optional;

/// The content that a module's tensor gets from a value of a state dict: the extension point of
/// loading, where kinds meet (rules SD-40 to SD-43).
public final class ModuleLoad {
  private ModuleLoad() {}

  /// The content of a copy: kind, type and device stay the target's. A kind takes plain values as
  /// its `onModuleLoad` says, a plain tensor takes what a kind dequantizes to, and so two kinds
  /// that know nothing of each other exchange plain values.
  ///
  /// @throws dev.proteus.error.UnsupportedOperatorException if a kind does not say how
  public static Tensor copy(Tensor target, Tensor source) {
    Optional<Kind<?>> kind = Kind.of(target);
    if (kind.isEmpty()) {
      return placed(Kinds.plain(source), target);
    }
    if (kind.equals(Kind.of(source))) {
      return own(placed(source, target), source);
    }
    return kind.get().loaded(target, own(placed(Kinds.plain(source), target), source));
  }

  private static Tensor placed(Tensor source, Tensor target) {
    return source.to(target.device(), target.dtype());
  }

  /// A kind may take over the storage it is given, so it is not given the source's.
  private static Tensor own(Tensor values, Tensor source) {
    return values == source ? source.clone() : values;
  }

  /// The content of an assignment: kind, type and device are the source's, and the storage is
  /// shared. But a kind that says how to take plain values does so, and stays.
  public static Tensor assign(Tensor target, Tensor source) {
    Optional<Kind<?>> kind = Kind.of(target);
    return kind.isPresent() && kind.get().takesPlain() && Kind.of(source).isEmpty()
        ? kind.get().loaded(target, source)
        : source.detach();
  }
}
