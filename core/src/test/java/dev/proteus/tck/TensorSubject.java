package dev.proteus.tck;

import dev.proteus.expr.Evaluate;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.Arrays;

/// What a test says about the content of a tensor. A failure names the first element that differs,
/// and by how much.
public final class TensorSubject {
  private final String what;
  private final Tensor actual;

  private TensorSubject(String what, Tensor actual) {
    this.what = what;
    this.actual = actual;
  }

  /// Begins a statement about a tensor.
  ///
  /// @param what how failures call it
  public static TensorSubject assertThat(String what, Tensor actual) {
    return new TensorSubject(what, actual);
  }

  /// Fails unless shapes are equal and elements as near as `tolerance` allows for this tensor's
  /// type. Integers and booleans must be equal, NaN where NaN is expected, and infinities where the
  /// expected number, rounded to the type, is infinite.
  public void isNear(Tensor expected, Tolerance tolerance) {
    double largest = 0;
    if (expected.dtype().isFloating()) {
      double[] values = expected.toDoubleArray();
      largest = Arrays.stream(values).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    }
    isNear(expected, tolerance, largest);
  }

  /// As [#isNear(Tensor, Tolerance)], but each element is judged without regard to larger ones.
  public void isNearEach(Tensor expected, Tolerance tolerance) {
    isNear(expected, tolerance, 1);
  }

  private void isNear(Tensor expected, Tolerance tolerance, double largest) {
    if (!actual.shape().equals(expected.shape())) {
      throw new AssertionError(
          "%s has shape %s, expected %s".formatted(what, actual.shape(), expected.shape()));
    }
    if (actual.dtype().isFloating()) {
      realsAreNear(expected.toDoubleArray(), tolerance, largest);
    } else {
      integersAreEqual(expected.toLongArray());
    }
  }

  /// Fails unless shapes are equal and all elements to the bit.
  public void isIdenticalTo(Tensor expected) {
    isNear(expected, new Tolerance(0, 0));
  }

  private void realsAreNear(double[] expected, Tolerance tolerance, double largest) {
    DType dtype = actual.dtype();
    double[] values = actual.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      double allowed = tolerance.allowed(dtype, expected[i], largest);
      if (!isNear(dtype, values[i], expected[i], allowed)) {
        throw new AssertionError(
            "%s of type %s is %s at %s, expected %s ± %.2g"
                .formatted(what, dtype, values[i], place(actual.shape(), i), expected[i], allowed));
      }
    }
  }

  private static boolean isNear(DType dtype, double actual, double expected, double allowed) {
    double rounded = Evaluate.rounded(dtype, expected);
    if (Double.isNaN(actual) || Double.isNaN(expected)) {
      return Double.isNaN(actual) && Double.isNaN(expected);
    }
    if (Double.isInfinite(actual) || Double.isInfinite(rounded)) {
      double margin = Math.copySign(allowed, expected);
      return actual == Evaluate.rounded(dtype, expected + margin)
          || actual == rounded
          || Double.isFinite(actual) && Math.abs(actual - expected) <= allowed;
    }
    return Math.abs(actual - expected) <= allowed || actual == rounded;
  }

  private void integersAreEqual(long[] expected) {
    long[] values = actual.toLongArray();
    int different = Arrays.mismatch(values, expected);
    if (different >= 0) {
      throw new AssertionError(
          "%s of type %s is %s at %s, expected %s"
              .formatted(
                  what,
                  actual.dtype(),
                  values[different],
                  place(actual.shape(), different),
                  expected[different]));
    }
  }

  private static String place(Shape shape, long element) {
    long[] at = new long[shape.rank()];
    long rest = element;
    for (int axis = at.length - 1; axis >= 0; axis--) {
      at[axis] = rest % shape.size(axis);
      rest /= shape.size(axis);
    }
    return Arrays.toString(at);
  }
}
