package dev.proteus.error;

/// An index or an axis out of range (category INDEX of the rules).
public final class TensorIndexException extends IndexOutOfBoundsException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, the index met and the range that would be right
  public TensorIndexException(String message) {
    super(message);
  }
}
