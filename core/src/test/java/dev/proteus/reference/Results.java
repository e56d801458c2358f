package dev.proteus.reference;

import dev.proteus.expr.Evaluate;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Integers;
import dev.proteus.expr.Reals;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import java.util.Arrays;
import java.util.List;

/// The elements of an output before they are stored, row-major: floating ones in float64, others in
/// int64.
final class Results {
  private final Operand out;
  private final DType dtype;
  private final long[] strides;
  private final double[] reals;
  private final long[] integers;

  Results(Operand out) {
    this.out = out;
    this.dtype = out.dtype();
    this.strides = Layout.contiguous(out.shape()).strides();
    int count = Math.toIntExact(out.shape().numel());
    this.reals = new double[dtype.isFloating() ? count : 0];
    this.integers = new long[dtype.isFloating() ? 0 : count];
  }

  void fill(double value) {
    Arrays.fill(reals, value);
    Arrays.fill(integers, (long) value);
  }

  void set(long[] at, Evaluate value) {
    if (dtype.isFloating()) {
      reals[index(at)] = value.real();
    } else {
      integers[index(at)] = value.integer();
    }
  }

  void combine(long[] at, Fn fold, Evaluate value) {
    int i = index(at);
    if (dtype.isFloating()) {
      reals[i] = Reals.apply(fold, reals[i], value.real(), 0);
    } else {
      integers[i] = Integers.apply(fold, dtype, integers[i], value.integer(), 0);
    }
  }

  private int index(long[] at) {
    int index = 0;
    for (int axis = 0; axis < at.length; axis++) {
      index += (int) (at[axis] * strides[axis]);
    }
    return index;
  }

  /// Writes all elements, rounded or wrapped to the output's type.
  void store() {
    ReferenceStorage storage = (ReferenceStorage) out.storage();
    long[] target = out.layout().strides();
    Cursor cursor = new Cursor(List.of(), out.shape());
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      long at = Cursor.index(out.layout(), target, cursor.at());
      if (dtype.isFloating()) {
        storage.put(dtype, at, reals[index(cursor.at())]);
      } else {
        storage.put(dtype, at, integers[index(cursor.at())]);
      }
    }
  }
}
