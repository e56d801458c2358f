package dev.proteus.error;

/// An index or an axis out of range (category INDEX of the rules).
public final class TensorIndexException extends IndexOutOfBoundsException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, the index met and the range that would be right
  public TensorIndexException(String message) {
    super(message);
  }

  /// An index that a kernel met outside its axis, in the words of every backend.
  ///
  /// @param operator the operator's name
  /// @param index the index met
  /// @param axis the axis it is for
  /// @param size the axis' size
  public static TensorIndexException outside(String operator, long index, int axis, long size) {
    return new TensorIndexException(
        "%s: index %s is out of range for axis %s of size %s; expected 0 to %s"
            .formatted(operator, index, axis, size, size - 1));
  }
}
