package dev.proteus.linalg;

import dev.proteus.error.DTypeException;
import dev.proteus.error.LinalgException;
import dev.proteus.error.ShapeException;
import dev.proteus.op.HostArray;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.math3.exception.MathArithmeticException;
import org.apache.commons.math3.exception.MathIllegalArgumentException;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;

/// Stacks of matrices: the last two axes of host arrays, one matrix of Commons Math at a time.
final class Matrices {
  private Matrices() {}

  /// Shape without the last two axes.
  static Shape batch(TensorSpec stack) {
    return stack.shape().slice(0, stack.rank() - 2);
  }

  static long rows(TensorSpec stack) {
    return stack.shape().size(-2);
  }

  static long columns(TensorSpec stack) {
    return stack.shape().size(-1);
  }

  /// The smaller side of each matrix.
  static long side(TensorSpec stack) {
    return Math.min(rows(stack), columns(stack));
  }

  /// A stack of as many results of another shape.
  static TensorSpec stack(TensorSpec like, long... sizes) {
    return like.withShape(batch(like).concat(Shape.of(sizes)));
  }

  /// The sizes of one matrix.
  static Shape sizes(HostArray stack) {
    return Shape.of(stack.shape().size(-2), stack.shape().size(-1));
  }

  static void check(String operator, TensorSpec a) {
    if (a.dtype() != DType.FLOAT32 && a.dtype() != DType.FLOAT64) {
      throw new DTypeException(
          "%s: the operand is %s; it must be float32 or float64".formatted(operator, a.dtype()));
    }
    if (a.rank() < 2) {
      throw new ShapeException(
          "%s: %s is no matrix; it needs at least two axes".formatted(operator, a.shape()));
    }
  }

  static void checkSquare(String operator, TensorSpec a) {
    check(operator, a);
    if (rows(a) != columns(a)) {
      throw new ShapeException(
          "%s: %s has matrices of %s x %s; they must be square"
              .formatted(operator, a.shape(), rows(a), columns(a)));
    }
  }

  /// Checks the right side of equations with as many square matrices.
  static void checkEquations(String operator, TensorSpec a, TensorSpec b) {
    check(operator, b);
    if (a.dtype() != b.dtype()) {
      throw new DTypeException(
          "%s: a is %s, b is %s; they must be the same".formatted(operator, a.dtype(), b.dtype()));
    }
    if (!batch(a).equals(batch(b)) || rows(a) != rows(b)) {
      throw new ShapeException(
          "%s: a is %s, b is %s; they must have the same batch axes and as many rows"
              .formatted(operator, a.shape(), b.shape()));
    }
  }

  /// Applies `function` to each matrix of stacks with one batch shape.
  ///
  /// @param demand what a matrix must be that the library refuses
  /// @param results sizes of one result each, without the batch axes
  static List<HostArray> each(
      String operator,
      String demand,
      List<HostArray> stacks,
      List<Shape> results,
      Function<List<RealMatrix>, List<RealMatrix>> function) {
    Shape first = stacks.getFirst().shape();
    Shape batch = first.slice(0, first.rank() - 2);
    List<HostArray> filled = new ArrayList<>();
    for (Shape result : results) {
      Shape shape = batch.concat(result);
      filled.add(new HostArray(shape, new double[Math.toIntExact(shape.numel())]));
    }
    if (stacks.stream().anyMatch(stack -> stack.shape().numel() == 0)) {
      return filled;
    }
    for (int i = 0; i < batch.numel(); i++) {
      int at = i;
      List<RealMatrix> matrices = stacks.stream().map(stack -> matrix(stack, at)).toList();
      List<RealMatrix> computed = guarded(operator, demand, i, matrices, function);
      for (int r = 0; r < computed.size(); r++) {
        store(computed.get(r), filled.get(r).values(), i);
      }
    }
    return filled;
  }

  private static List<RealMatrix> guarded(
      String operator,
      String demand,
      int number,
      List<RealMatrix> matrices,
      Function<List<RealMatrix>, List<RealMatrix>> function) {
    try {
      return function.apply(matrices);
    } catch (MathIllegalArgumentException | MathIllegalStateException | MathArithmeticException e) {
      throw new LinalgException(
          "%s: matrix %s of the stack failed: %s; it must be %s"
              .formatted(operator, number, e.getMessage(), demand),
          e);
    }
  }

  private static RealMatrix matrix(HostArray stack, int number) {
    int rows = Math.toIntExact(stack.shape().size(-2));
    int columns = Math.toIntExact(stack.shape().size(-1));
    double[][] data = new double[rows][columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(stack.values(), (number * rows + row) * columns, data[row], 0, columns);
    }
    return new Array2DRowRealMatrix(data, false);
  }

  private static void store(RealMatrix matrix, double[] target, int number) {
    int rows = matrix.getRowDimension();
    int columns = matrix.getColumnDimension();
    for (int row = 0; row < rows; row++) {
      System.arraycopy(matrix.getRow(row), 0, target, (number * rows + row) * columns, columns);
    }
  }

  /// Values as a matrix of one column.
  static RealMatrix column(double... values) {
    return new Array2DRowRealMatrix(values);
  }

  /// The first columns of a matrix.
  static RealMatrix columns(RealMatrix matrix, int count) {
    return matrix.getSubMatrix(0, matrix.getRowDimension() - 1, 0, count - 1);
  }

  /// The first rows of a matrix.
  static RealMatrix rows(RealMatrix matrix, int count) {
    return matrix.getSubMatrix(0, count - 1, 0, matrix.getColumnDimension() - 1);
  }

  /// The symmetric matrix of which this has the lower triangle.
  static RealMatrix symmetric(RealMatrix lower) {
    RealMatrix full = lower.copy();
    for (int row = 0; row < full.getRowDimension(); row++) {
      for (int column = row + 1; column < full.getColumnDimension(); column++) {
        full.setEntry(row, column, lower.getEntry(column, row));
      }
    }
    return full;
  }
}
