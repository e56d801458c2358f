package dev.proteus.backend.cpu.rows;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.BOOL;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;
import static dev.proteus.type.DType.INT16;
import static dev.proteus.type.DType.INT32;
import static dev.proteus.type.DType.INT64;
import static dev.proteus.type.DType.INT8;
import static dev.proteus.type.DType.UINT8;

import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.backend.cpu.fast.Check.Tolerance;
import dev.proteus.op.ArgMax;
import dev.proteus.op.CumSum;
import dev.proteus.op.Cumulate;
import dev.proteus.op.Reduce;
import dev.proteus.op.Sort;
import dev.proteus.op.TopK;
import dev.proteus.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// [ArgMaxKernel], [SortKernel] and [ScanKernel] against the definitions, with equal elements and
/// NaN among them.
final class OrderKernelsTest {
  private static void argMax(Given x, int axis) {
    Check.kernel(new ArgMax(Reduce.Kind.MAX, axis), 1, x);
    Check.kernel(new ArgMax(Reduce.Kind.MIN, axis), 2, x);
    Check.kernel(new ArgMax(Reduce.Kind.MAX, axis), 3, x.withNan());
    Check.kernel(new ArgMax(Reduce.Kind.MIN, axis), 4, x.withNan());
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTIGUOUS", "TRANSPOSED", "STEPPED", "EXPANDED"})
  void argMaxAlongEveryAxis(Lie lie) {
    for (int axis = 0; axis < 3; axis++) {
      argMax(Given.of(FLOAT32, 7, 41, 37).from(-3, 3).lying(lie), axis);
      argMax(Given.of(BFLOAT16, 5, 9, 20).from(-1, 1).lying(lie), axis);
    }
    argMax(Given.of(FLOAT32, 300, 1100).lying(lie), 0);
    argMax(Given.of(FLOAT32, 9, 2).lying(lie), 0);
    argMax(Given.of(FLOAT32, 50).lying(lie), 0);
  }

  private static void sort(Given x, int axis) {
    Check.kernel(new Sort(axis, Sort.Order.ASCENDING), 1, x);
    Check.kernel(new Sort(axis, Sort.Order.DESCENDING), 2, x);
    Check.kernel(new TopK(2, axis, Sort.Order.DESCENDING), 3, x);
    Check.kernel(new TopK(x.shape().size(axis), axis, Sort.Order.ASCENDING), 4, x);
    Check.kernel(new TopK(0, axis, Sort.Order.ASCENDING), 5, x);
  }

  @Test
  void everyTypeIsSortedStably() {
    for (DType dtype : new DType[] {INT64, INT32, INT16, INT8}) {
      sort(Given.of(dtype, 3, 50).from(-20, 20), 1);
    }
    sort(Given.of(UINT8, 3, 50).from(0, 256), 1);
    sort(Given.of(BOOL, 3, 20).from(0, 2), 1);
    for (DType dtype : new DType[] {FLOAT64, FLOAT32, FLOAT16, BFLOAT16}) {
      sort(Given.of(dtype, 3, 50).from(-1, 1), 1);
      sort(Given.of(dtype, 3, 50).from(-1, 1).withNan(), 1);
      sort(Given.of(dtype, 40).from(0, 0), 0);
    }
    sort(Given.of(INT64, 30).from(-9e18, 9e18), 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTIGUOUS", "TRANSPOSED", "STEPPED", "EXPANDED"})
  void sortAlongEveryAxis(Lie lie) {
    for (int axis = 0; axis < 3; axis++) {
      sort(Given.of(FLOAT32, 4, 13, 9).lying(lie), axis);
    }
  }

  private static void scan(Given x, int axis) {
    Tolerance rounded = Tolerance.of(x.dtype());
    Tolerance summed = new Tolerance(rounded.absolute() * 20, rounded.relative());
    Check.kernel(new CumSum(axis, CumSum.Direction.FORWARD), 1, summed, x);
    Check.kernel(new CumSum(axis, CumSum.Direction.BACKWARD), 2, summed, x);
    Check.kernel(new Cumulate(Cumulate.Kind.PROD, axis), 3, x);
    Check.kernel(new Cumulate(Cumulate.Kind.MAX, axis), 4, x);
    Check.kernel(new Cumulate(Cumulate.Kind.MIN, axis), 5, x.withNan());
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTIGUOUS", "TRANSPOSED", "STEPPED"})
  void scanAlongEveryAxis(Lie lie) {
    for (int axis = 0; axis < 3; axis++) {
      scan(Given.of(FLOAT32, 4, 13, 9).lying(lie), axis);
    }
  }

  @Test
  void everyTypeIsScanned() {
    for (DType dtype : new DType[] {INT64, INT32, INT16, INT8}) {
      scan(Given.of(dtype, 2, 40).from(-9, 9), 1);
    }
    scan(Given.of(UINT8, 2, 40).from(0, 256), 1);
    scan(Given.of(FLOAT64, 2, 40), 1);
    scan(Given.of(BFLOAT16, 2, 40), 1);
    scan(Given.of(FLOAT32, 3000), 0);
    scan(Given.of(FLOAT32, 3, 0), 1);
  }
}
