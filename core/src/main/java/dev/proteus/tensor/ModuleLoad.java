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
    if (kind.isPresent() && kind.equals(Kind.of(source))) {
      return placed(source, target);
    }
    Tensor values = placed(Kinds.plain(source), target);
    return kind.isPresent() ? kind.get().loaded(target, values) : values;
  }

  private static Tensor placed(Tensor source, Tensor target) {
    Tensor here = source.to(target.device(), target.dtype());
    return here == source && Kind.of(source).isPresent() ? source.clone() : here;
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
