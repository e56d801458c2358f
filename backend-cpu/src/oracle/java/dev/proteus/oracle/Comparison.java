package dev.proteus.oracle;

import dev.proteus.type.DType;
import java.util.List;
import java.util.Optional;

/// What is different about two lists of results, if anything.
///
/// @param tolerance how near floating elements must be
/// @param magnitude the greatest number that took part
/// @param coarsest the type that rounded most on the way
/// @param zeros whether zeros of different sign differ
record Comparison(Tolerance tolerance, double magnitude, DType coarsest, Zeros zeros) {
  /// Whether zeros of different sign differ.
  enum Zeros {
    EQUAL,
    SIGNED
  }

  /// A sentence on the first difference.
  Optional<String> differences(List<Elements> expected, List<Elements> actual) {
    if (expected.size() != actual.size()) {
      return Optional.of("%s results; PyTorch has %s".formatted(actual.size(), expected.size()));
    }
    for (int i = 0; i < expected.size(); i++) {
      Optional<String> difference = difference(expected.get(i), actual.get(i));
      if (difference.isPresent()) {
        return Optional.of((expected.size() == 1 ? "" : "result " + i + ": ") + difference.get());
      }
    }
    return Optional.empty();
  }

  private Optional<String> difference(Elements expected, Elements actual) {
    if (expected.dtype() != actual.dtype()) {
      return Optional.of("type is %s; PyTorch has %s".formatted(actual.dtype(), expected.dtype()));
    }
    if (!expected.shape().equals(actual.shape())) {
      return Optional.of("shape is %s; PyTorch has %s".formatted(actual.shape(), expected.shape()));
    }
    double greatest = Math.max(magnitude, expected.magnitude());
    for (long i = 0; i < expected.shape().numel(); i++) {
      if (!near(expected, actual, i, greatest)) {
        return Optional.of(
            "element %s of %s is %s; PyTorch has %s"
                .formatted(i, expected.shape(), actual.text(i), expected.text(i)));
      }
    }
    return Optional.empty();
  }

  private boolean near(Elements expected, Elements actual, long at, double greatest) {
    if (!expected.dtype().isFloating()) {
      return expected.whole(at) == actual.whole(at);
    }
    double wanted = expected.real(at);
    double found = actual.real(at);
    if (wanted == found) {
      boolean sameZero = Double.doubleToLongBits(wanted) == Double.doubleToLongBits(found);
      return sameZero || zeros == Zeros.EQUAL;
    }
    if (Double.isNaN(wanted) || Double.isNaN(found)) {
      return Double.isNaN(wanted) && Double.isNaN(found);
    }
    if (Double.isInfinite(wanted) || Double.isInfinite(found)) {
      return overflows(wanted, expected.dtype())
          && overflows(found, expected.dtype())
          && Math.signum(wanted) == Math.signum(found);
    }
    DType type = coarser(expected.dtype(), coarsest);
    return Math.abs(wanted - found) <= tolerance.allowed(type, wanted, greatest);
  }

  /// Whether another order of rounding might be infinite.
  private boolean overflows(double value, DType dtype) {
    double nearly = tolerance.equals(Tolerance.EXACT) ? 1 : 0.25;
    return Math.abs(value) > nearly * Numbers.greatest(dtype);
  }

  private static DType coarser(DType a, DType b) {
    return Numbers.epsilon(a) >= Numbers.epsilon(b) ? a : b;
  }
}
