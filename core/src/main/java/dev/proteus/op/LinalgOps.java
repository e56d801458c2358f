package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Products of vectors and matrices. Decompositions and equations are in
/// `dev.proteus.linalg.Linalg`.
///
/// Operands of a product have one element type; there is no promotion (rule DT-8).
///
/// @param <T> what operators are applied to
public interface LinalgOps<T extends TensorOps<T>> extends Value<T> {
  /// The product of vectors (one axis), matrices, or stacks of matrices, whose batch axes are
  /// broadcast (rule MM-1).
  default T matmul(T other) {
    Shape a = spec().shape();
    Shape b = other.spec().shape();
    if (a.rank() == 0 || b.rank() == 0) {
      throw new ShapeException(
          "matmul: a is %s, b is %s; each needs at least one axis; mul multiplies by a number"
              .formatted(a, b));
    }
    if (a.rank() == 1) {
      return self().unsqueeze(0).matmul(other).squeeze(b.rank() == 1 ? 0 : -2);
    }
    if (b.rank() == 1) {
      return self().matmul(other.unsqueeze(1)).squeeze(-1);
    }
    if (a.rank() > 2 && b.rank() == 2) {
      T rows = rows();
      return rows.call(new MatMul(), List.of(rows, other)).reshape(a.with(-1, b.size(1)));
    }
    return call(new MatMul(), List.of(self(), other));
  }

  /// A stack of matrices as one tall matrix: one product instead of many.
  private T rows() {
    Shape shape = spec().shape();
    return self().reshape(Shape.of(shape.slice(0, shape.rank() - 1).numel(), shape.size(-1)));
  }

  /// The product of two matrices (rule MM-2).
  default T mm(T other) {
    requireRanks("mm", self(), 2, other, 2);
    return matmul(other);
  }

  /// The products of two stacks of as many matrices (rule MM-2).
  default T bmm(T other) {
    requireRanks("bmm", self(), 3, other, 3);
    if (spec().shape().size(0) != other.spec().shape().size(0)) {
      throw new ShapeException(
          "bmm: a is %s, b is %s; both need as many matrices"
              .formatted(spec().shape(), other.spec().shape()));
    }
    return matmul(other);
  }

  /// The product of a matrix and a vector.
  default T mv(T vector) {
    requireRanks("mv", self(), 2, vector, 1);
    return matmul(vector);
  }

  /// The sum of the products of the elements of two vectors.
  default T dot(T other) {
    requireRanks("dot", self(), 1, other, 1);
    return matmul(other);
  }

  /// The products of each element of one vector with each of another: `[n]` and `[m]` give `[n,
  /// m]`.
  default T outer(T other) {
    requireRanks("outer", self(), 1, other, 1);
    return self().unsqueeze(1).mul(other);
  }

  /// The sums of products along the last axes; with an operand without axes, the product.
  default T inner(T other) {
    if (spec().rank() == 0 || other.spec().rank() == 0) {
      return self().mul(other);
    }
    if (spec().shape().size(-1) != other.spec().shape().size(-1)) {
      throw new ShapeException(
          "inner: a is %s, b is %s; their last sizes must be equal"
              .formatted(spec().shape(), other.spec().shape()));
    }
    return tensordot(other, new int[] {-1}, new int[] {-1});
  }

  /// The sum of products along one axis; other axes are broadcast.
  default T vecdot(T other, int axis) {
    T product = self().mul(other);
    int at = product.spec().shape().axis(axis, "vecdot");
    return product.sum(at);
  }

  /// `beta · this + alpha · (a @ b)`, this broadcast; with `beta` 0 this is not read, not even a
  /// NaN (rule MM-2).
  default T addmm(T a, T b, double beta, double alpha) {
    return plus(a.mm(b), beta, alpha);
  }

  /// `this + a @ b`, this broadcast.
  default T addmm(T a, T b) {
    return addmm(a, b, 1, 1);
  }

  /// `beta · this + alpha · (matrix @ vector)`, this broadcast.
  default T addmv(T matrix, T vector, double beta, double alpha) {
    return plus(matrix.mv(vector), beta, alpha);
  }

  /// `beta · this + alpha · (a @ b)` for stacks of matrices, this broadcast.
  default T baddbmm(T a, T b, double beta, double alpha) {
    return plus(a.bmm(b), beta, alpha);
  }

  /// `beta · this + alpha · outer(a, b)`, this broadcast.
  default T addr(T a, T b, double beta, double alpha) {
    return plus(a.outer(b), beta, alpha);
  }

  private T plus(T product, double beta, double alpha) {
    T scaled = scaled(product, alpha);
    T bias = self().expand(product.spec().shape());
    return beta == 0 ? scaled : scaled(bias, beta).add(scaled);
  }

  /// Integers take only whole factors (rule DT-9).
  private static <T extends TensorOps<T>> T scaled(T x, double factor) {
    if (factor == 1) {
      return x;
    }
    if (x.spec().dtype().isFloating()) {
      return x.mul(factor);
    }
    if (factor != Math.rint(factor)) {
      throw new DTypeException(
          "addmm: factor %s for %s; integers take whole factors (rule DT-9)"
              .formatted(factor, x.spec().dtype()));
    }
    return x.mul((long) factor);
  }

  private static <T extends TensorOps<T>> void requireRanks(
      String name, T a, int rankOfA, T b, int rankOfB) {
    if (a.spec().rank() != rankOfA || b.spec().rank() != rankOfB) {
      throw new ShapeException(
          "%s: a is %s, b is %s; they must have %s and %s axes"
              .formatted(name, a.spec().shape(), b.spec().shape(), rankOfA, rankOfB));
    }
  }

  /// The sums of products along the last `axes` axes of this and the first of `other`.
  default T tensordot(T other, int axes) {
    int rank = spec().rank();
    return tensordot(
        other, IntStream.range(rank - axes, rank).toArray(), IntStream.range(0, axes).toArray());
  }

  /// The sums of products along pairs of axes: `axes[i]` of this with `otherAxes[i]` of `other`,
  /// one of which may have size 1. What is left of this comes first.
  default T tensordot(T other, int[] axes, int[] otherAxes) {
    List<Integer> mine = paired(spec().shape(), axes);
    List<Integer> theirs = paired(other.spec().shape(), otherAxes);
    Equation equation = Equation.pairs(spec().shape(), mine, other.spec().shape(), theirs);
    return new Einsum(equation, List.of(spec(), other.spec())).evaluate(List.of(self(), other));
  }

  private static List<Integer> paired(Shape shape, int[] axes) {
    for (int axis : axes) {
      Axes.existing(shape, axis, "tensordot");
    }
    return Axes.distinct(shape, axes, "tensordot");
  }

  /// The Kronecker product: each element of this times the whole of `other`.
  default T kron(T other) {
    int rank = Math.max(spec().rank(), other.spec().rank());
    Shape a = padded(spec().shape(), rank);
    Shape b = padded(other.spec().shape(), rank);
    long[] blocks = new long[2 * rank];
    long[] cells = new long[2 * rank];
    long[] sizes = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      blocks[2 * axis] = a.size(axis);
      blocks[2 * axis + 1] = 1;
      cells[2 * axis] = 1;
      cells[2 * axis + 1] = b.size(axis);
      sizes[axis] = a.size(axis) * b.size(axis);
    }
    T product = self().reshape(Shape.of(blocks)).mul(other.reshape(Shape.of(cells)));
    return product.reshape(Shape.of(sizes));
  }

  private static Shape padded(Shape shape, int rank) {
    return IntStream.range(shape.rank(), rank)
        .mapToObj(_ -> Shape.of(1))
        .reduce(Shape.SCALAR, Shape::concat)
        .concat(shape);
  }

  /// The distance, by the `p`-norm, of each row of this `[*, P, M]` from each row of `other` `[*,
  /// R, M]`, whose batch axes are broadcast: `[*, P, R]`. Its derivative where it is 0 is 0.
  default T cdist(T other, double p) {
    Operands.floating("cdist", List.of(spec(), other.spec()));
    Operands.atLeast("cdist", "a", spec().shape(), 2);
    Operands.atLeast("cdist", "b", other.spec().shape(), 2);
    if (spec().shape().size(-1) != other.spec().shape().size(-1)) {
      throw new ShapeException(
          "cdist: a is %s, b is %s; rows must be equally long"
              .formatted(spec().shape(), other.spec().shape()));
    }
    return Norms.distance(self().unsqueeze(-2), other.unsqueeze(-3), p);
  }

  /// The distances, by the `p`-norm, of each two different rows, in the order of the upper triangle
  /// of [#cdist(TensorOps, double)].
  default T pdist(double p) {
    Operands.floating("pdist", List.of(spec()));
    Operands.rank("pdist", "x", spec().shape(), 2);
    long rows = spec().shape().size(0);
    T pairs = self().triuIndices(rows, rows, 1);
    T first = self().indexSelect(0, pairs.select(0, 0));
    return Norms.distance(first, self().indexSelect(0, pairs.select(0, 1)), p);
  }

  /// A matrix with these on its diagonal, corner to corner, and zeros elsewhere.
  static <T extends TensorOps<T>> T blockDiag(List<T> matrices) {
    List<T> rows = new ArrayList<>();
    long total = 0;
    for (T matrix : matrices) {
      Operands.rank("blockDiag", "matrix", matrix.spec().shape(), 2);
      total += matrix.spec().shape().size(1);
    }
    long before = 0;
    for (T matrix : matrices) {
      long width = matrix.spec().shape().size(1);
      rows.add(matrix.pad(before, total - before - width));
      before += width;
    }
    return ArrangeOps.cat(rows, 0);
  }

  /// The sum of the main diagonal of a matrix.
  default T trace() {
    if (spec().rank() != 2) {
      throw new ShapeException(
          "trace: %s is no matrix; it needs two axes".formatted(spec().shape()));
    }
    return self().diagonal().sum();
  }

  /// A matrix with this vector on a diagonal, or the diagonal of this matrix.
  default T diag(int shift) {
    return switch (spec().rank()) {
      case 1 -> diagEmbed(shift);
      case 2 -> self().diagonal(shift, 0, 1);
      default ->
          throw new ShapeException("diag: %s; it needs one axis or two".formatted(spec().shape()));
    };
  }

  /// Matrices along two new last axes, with the last axis of this on a diagonal and zeros
  /// elsewhere.
  default T diagEmbed(int shift) {
    Shape shape = spec().shape();
    int last = Axes.existing(shape, -1, "diagEmbed");
    long size = shape.size(last) + Math.abs(shift);
    T zeros = self().zeros(spec().withShape(shape.with(last, size).concat(Shape.of(size))));
    Place place = new Place(List.of(new Diagonal(shift, last, last + 1)), Place.Mode.SET);
    return zeros.call(place, List.of(zeros, self()));
  }

  /// The vectors perpendicular to two of three components along `axis`.
  default T cross(T other, int axis) {
    Shape shape = Shape.broadcast(spec().shape(), other.spec().shape(), "cross");
    int at = Axes.existing(shape, axis, "cross");
    T a = self().expand(shape);
    T b = other.expand(shape);
    if (shape.size(at) != 3) {
      throw new ShapeException(
          "cross: axis %s of %s has not size 3; a vector needs three components"
              .formatted(at, shape));
    }
    return a.roll(-1, at).mul(b.roll(-2, at)).sub(a.roll(-2, at).mul(b.roll(-1, at)));
  }

  /// A sum of products written with one letter for each axis: `einsum("bij,bjk->bik", a, b)`.
  ///
  /// Letters that the right side does not name are summed over. A letter twice in one operand means
  /// its diagonal, `...` all axes without a letter, which are broadcast. Without `->` the result
  /// has the letters that appear once, in order.
  static <T extends TensorOps<T>> T einsum(String equation, List<T> operands) {
    List<TensorSpec> specs = operands.stream().map(Value::spec).toList();
    return new Einsum(Equation.parse(equation, specs), specs).evaluate(operands);
  }
}
