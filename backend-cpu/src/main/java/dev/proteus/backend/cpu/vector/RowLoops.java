package dev.proteus.backend.cpu.vector;

/// Loops over rows of float32 on the heap, of which softmax and the normalisations are made.
///
/// Sums are kept in several parts that are added at the end; how many is the implementation's
/// affair.
public interface RowLoops {
  /// The largest of `n` elements that are not NaN; -inf if there is none.
  float max(float[] a, int at, int n);

  /// The place from `at` of the first NaN, or else of the first of the largest of `n` elements, at
  /// least one.
  int placeOfMax(float[] a, int at, int n);

  /// The sum of the elements.
  float sum(float[] a, int at, int n);

  /// The sum of `(a − shift)²`.
  float sumOfSquares(float[] a, int at, int n, float shift);

  /// The sum of `a·b`.
  float dot(float[] a, int at, float[] b, int bAt, int n);

  /// `a = exp(a − shift)`; returns the sum.
  float exp(float[] a, int at, int n, float shift);

  /// `a = a·factor + term`.
  void affine(float[] a, int at, int n, float factor, float term);

  /// `a = (a − shift)·factor`.
  void normalize(float[] a, int at, int n, float shift, float factor);

  /// `a = (a − shift)·factor·b + c`.
  void normalizeWeighted(
      float[] a, int at, int n, float shift, float factor, float[] b, int bAt, float[] c, int cAt);

  /// `a = a·b`.
  void multiply(float[] a, int at, float[] b, int bAt, int n);

  /// `a = a + b`.
  void add(float[] a, int at, float[] b, int bAt, int n);

  /// `to = to + a·b`.
  void addProduct(float[] to, int toAt, float[] a, int at, float[] b, int bAt, int n);

  /// `a = a·factor + b·other + term`.
  void combine(float[] a, int at, float factor, float[] b, int bAt, float other, float term, int n);

  /// Where an element of a is larger than `max`, or the first NaN, takes it, and writes `number` to
  /// `which`.
  void keepMax(float[] max, int[] which, int maxAt, float[] a, int at, int n, int number);
}
