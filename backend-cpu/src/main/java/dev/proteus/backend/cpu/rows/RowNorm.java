package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.RowLoops;

/// One row brought to mean 0, or not, and mean square 1, and the gradient of that.
///
/// @param n elements of a row
/// @param centre what is taken from each element
/// @param eps what is added to the mean square
record RowNorm(int n, Centre centre, double eps) {
  private static final RowLoops LOOPS = InnerLoops.CHOSEN.rows();

  /// What is taken from each element.
  enum Centre {
    MEAN,
    ZERO
  }

  private float shift(float[] x, int at) {
    return switch (centre) {
      case MEAN -> LOOPS.sum(x, at, n) / n;
      case ZERO -> 0;
    };
  }

  private float factor(float[] x, int at, float shift) {
    float squares = LOOPS.sumOfSquares(x, at, n, shift);
    return (float) (1 / Math.sqrt(squares / (double) n + eps));
  }

  /// Normalises a row; returns the factor.
  float apply(float[] x, int at) {
    float shift = shift(x, at);
    float factor = factor(x, at, shift);
    LOOPS.normalize(x, at, n, shift, factor);
    return factor;
  }

  /// Normalises a row, multiplies it by a weight and adds a bias.
  void apply(float[] x, int at, float[] weight, float[] bias) {
    float shift = shift(x, at);
    LOOPS.normalizeWeighted(x, at, n, shift, factor(x, at, shift), weight, 0, bias, 0);
  }

  /// Replaces the gradient g of a normalised row y by that of the row: `(g − mean(g) −
  /// y·mean(g·y))·factor`.
  void gradient(float[] g, float[] y, int at, float factor) {
    float along = LOOPS.dot(g, at, y, at, n) / n;
    float mean = shift(g, at);
    LOOPS.combine(g, at, factor, y, at, -along * factor, -mean * factor, n);
  }
}
