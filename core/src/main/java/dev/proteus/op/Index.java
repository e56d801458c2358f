package dev.proteus.op;

/// What stands for one axis between the brackets of `x[…]` (rules IX-1 to IX-5).
///
/// `x.get(at(0), slice(1, 5), ellipsis(), at(rows))` reads as PyTorch's `x[0, 1:5, ..., rows]`.
/// Numbers count from the end where they are negative.
///
/// @param <T> what is indexed, and what tensors of indices are
public sealed interface Index<T extends TensorOps<T>> {
  /// One index; the axis goes away.
  record At<T extends TensorOps<T>>(long index) implements Index<T> {}

  /// Every `step`-th index from `start` to `end`, exclusive; bounds outside the axis are moved into
  /// it.
  record Range<T extends TensorOps<T>>(long start, long end, long step) implements Index<T> {}

  /// As many whole axes as the other indices leave over; once at most.
  record Ellipsis<T extends TensorOps<T>>() implements Index<T> {}

  /// A new axis of size 1.
  record NewAxis<T extends TensorOps<T>>() implements Index<T> {}

  /// The indices that a tensor of integers lists, or the places where a mask is true. A mask (bool
  /// or uint8) stands for as many axes as it has itself.
  record Elements<T extends TensorOps<T>>(T tensor) implements Index<T> {}

  /// One index; the axis goes away.
  static <T extends TensorOps<T>> Index<T> at(long index) {
    return new At<>(index);
  }

  /// The indices from `start` to `end`, exclusive.
  static <T extends TensorOps<T>> Index<T> slice(long start, long end) {
    return new Range<>(start, end, 1);
  }

  /// Every `step`-th index from `start` to `end`, exclusive.
  static <T extends TensorOps<T>> Index<T> slice(long start, long end, long step) {
    return new Range<>(start, end, step);
  }

  /// The indices from `start` on.
  static <T extends TensorOps<T>> Index<T> from(long start) {
    return new Range<>(start, Long.MAX_VALUE, 1);
  }

  /// The indices before `end`.
  static <T extends TensorOps<T>> Index<T> until(long end) {
    return new Range<>(0, end, 1);
  }

  /// Every `step`-th index.
  static <T extends TensorOps<T>> Index<T> every(long step) {
    return new Range<>(0, Long.MAX_VALUE, step);
  }

  /// The whole axis.
  static <T extends TensorOps<T>> Index<T> all() {
    return new Range<>(0, Long.MAX_VALUE, 1);
  }

  /// As many whole axes as the other indices leave over.
  static <T extends TensorOps<T>> Index<T> ellipsis() {
    return new Ellipsis<>();
  }

  /// A new axis of size 1.
  static <T extends TensorOps<T>> Index<T> newAxis() {
    return new NewAxis<>();
  }

  /// The indices that a tensor of integers lists, or the places where a mask is true.
  static <T extends TensorOps<T>> Index<T> at(T tensor) {
    return new Elements<>(tensor);
  }
}
