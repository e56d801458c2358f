package dev.proteus.tensor;

/// How tensors are printed.
///
/// @param precision digits after the point of real numbers that are not whole
/// @param threshold the most elements that are shown in full
/// @param edge how many elements are shown at either end of an axis, where there are more
/// @param notation how real numbers are written
public record PrintOptions(int precision, long threshold, int edge, Notation notation) {
  /// Four digits, up to a thousand elements, three at either end.
  public static final PrintOptions DEFAULT = new PrintOptions(4, 1000, 3, Notation.CHOSEN);

  /// How real numbers are written.
  public enum Notation {
    /// With a power of ten where sizes differ much.
    CHOSEN,
    PLAIN,
    SCIENTIFIC
  }

  public PrintOptions {
    if (precision < 0 || threshold < 0 || edge < 1) {
      throw new IllegalArgumentException(
          "print: precision %s, threshold %s, edge %s; expected at least 0, 0 and 1"
              .formatted(precision, threshold, edge));
    }
  }

  public PrintOptions withPrecision(int digits) {
    return new PrintOptions(digits, threshold, edge, notation);
  }

  public PrintOptions withThreshold(long elements) {
    return new PrintOptions(precision, elements, edge, notation);
  }

  public PrintOptions withEdge(int elements) {
    return new PrintOptions(precision, threshold, elements, notation);
  }

  public PrintOptions withNotation(Notation other) {
    return new PrintOptions(precision, threshold, edge, other);
  }
}
