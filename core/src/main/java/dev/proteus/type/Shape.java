package dev.proteus.type;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import java.util.Arrays;
import java.util.List;

/// The sizes of a tensor, outermost axis first. A value.
public final class Shape {
  /// No axes: one element.
  public static final Shape SCALAR = new Shape(new long[0]);

  private final long[] sizes;
  private final long numel;

  private Shape(long[] sizes) {
    this.sizes = sizes;
    this.numel = product(sizes);
  }

  /// The shape with these sizes.
  ///
  /// @throws ShapeException if a size is negative or the number of elements exceeds a `long`
  public static Shape of(long... sizes) {
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
  }

  public static Shape of(List<Long> sizes) {
    return of(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  private static long product(long[] sizes) {
    long product = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw new ShapeException("shape: negative size in " + Arrays.toString(sizes));
      }
      if (Math.multiplyHigh(product, size) != 0 || product * size < 0) {
        throw new ShapeException(
            "shape: " + Arrays.toString(sizes) + " has more elements than a 64-bit count holds");
      }
      product *= size;
    }
    return product;
  }

  /// Number of axes.
  public int rank() {
    return sizes.length;
  }

  /// Number of elements.
  public long numel() {
    return numel;
  }

  /// The size along `axis`; negative axes count from the end.
  public long size(int axis) {
    int at = axis(axis, "size");
    if (at >= sizes.length) {
      throw new TensorIndexException("size: a shape without axes has none along axis " + axis);
    }
    return sizes[at];
  }

  public long[] toArray() {
    return sizes.clone();
  }

  public List<Long> toList() {
    return Arrays.stream(sizes).boxed().toList();
  }

  /// The axis as a number from 0, for an axis that may count from the end; a shape without axes
  /// takes 0 and -1 (rule DT-34).
  ///
  /// @throws TensorIndexException if there is no such axis (rule VW-5)
  public int axis(int axis, String operator) {
    int rank = Math.max(1, sizes.length);
    if (axis < -rank || axis >= rank) {
      throw new TensorIndexException(
          operator
              + ": axis "
              + axis
              + " is out of range for "
              + this
              + "; expected "
              + -rank
              + " to "
              + (rank - 1));
    }
    return axis < 0 ? axis + rank : axis;
  }

  /// This shape with another size along one axis.
  public Shape with(int axis, long size) {
    long[] result = sizes.clone();
    result[axis(axis, "shape")] = size;
    return of(result);
  }

  /// This shape without one axis.
  public Shape without(int axis) {
    int at = axis(axis, "shape");
    long[] result = new long[sizes.length - 1];
    System.arraycopy(sizes, 0, result, 0, at);
    System.arraycopy(sizes, at + 1, result, at, result.length - at);
    return of(result);
  }

  /// This shape with a new axis before `axis`, which may equal the rank.
  public Shape insert(int axis, long size) {
    long[] result = new long[sizes.length + 1];
    System.arraycopy(sizes, 0, result, 0, axis);
    result[axis] = size;
    System.arraycopy(sizes, axis, result, axis + 1, sizes.length - axis);
    return of(result);
  }

  /// The axes from `from` to `to`, exclusive.
  public Shape slice(int from, int to) {
    return of(Arrays.copyOfRange(sizes, from, to));
  }

  /// The axes of this shape followed by those of `other`.
  public Shape concat(Shape other) {
    long[] result = Arrays.copyOf(sizes, sizes.length + other.sizes.length);
    System.arraycopy(other.sizes, 0, result, sizes.length, other.sizes.length);
    return of(result);
  }

  /// The smallest shape both operands expand to, aligned at the right (rule BC-1).
  ///
  /// @throws ShapeException if two sizes differ and neither is 1
  public static Shape broadcast(Shape a, Shape b, String operator) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    long[] result = new long[rank];
    for (int i = 0; i < rank; i++) {
      int fromEnd = rank - i;
      long left = fromEnd > a.rank() ? 1 : a.sizes[a.rank() - fromEnd];
      long right = fromEnd > b.rank() ? 1 : b.sizes[b.rank() - fromEnd];
      if (left != right && left != 1 && right != 1) {
        throw new ShapeException(
            operator
                + ": sizes differ at axis "
                + i
                + ": a is "
                + a
                + ", b is "
                + b
                + "; they must be equal there, or one of them 1");
      }
      result[i] = left == 1 ? right : left;
    }
    return of(result);
  }

  /// Whether a tensor of this shape can be read as `target` by repeating axes of size 1.
  public boolean expandsTo(Shape target) {
    int added = target.rank() - rank();
    if (added < 0) {
      return false;
    }
    for (int i = 0; i < rank(); i++) {
      if (sizes[i] != 1 && sizes[i] != target.sizes[i + added]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
