package dev.proteus.error;

/// Sizes that do not fit the operator (category SHAPE of the rules).
public final class ShapeException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// @param message the operator, what is wrong, the values met and what would be right
  public ShapeException(String message) {
    super(message);
  }

  /// @param message the operator, what is wrong, the values met and what would be right
  /// @param cause what was thrown beneath
  public ShapeException(String message, Throwable cause) {
    super(message, cause);
  }
}
