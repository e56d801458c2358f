package dev.proteus.linalg;

import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.jspecify.annotations.Nullable;

/// The solutions X of `A X = B` for triangular matrices A, of which the other triangle is not read.
///
/// @param triangle where A is not zero
/// @param diagonal what stands on A's diagonal
public record SolveTriangular(Triangle triangle, Diagonal diagonal) implements Hosted {
  /// A half of a square matrix, with its diagonal.
  public enum Triangle {
    LOWER,
    UPPER;

    Triangle transposed() {
      return this == LOWER ? UPPER : LOWER;
    }
  }

  /// What stands on a diagonal.
  public enum Diagonal {
    /// The matrix's own elements.
    GIVEN,
    /// Ones; the matrix's own elements are not read.
    UNIT
  }

  @Override
  public String name() {
    return "solveTriangular";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Matrices.checkSquare(name(), inputs.get(0));
    Matrices.checkEquations(name(), inputs.get(0), inputs.get(1));
    return List.of(inputs.get(1));
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    return Matrices.each(
        name(),
        "without a zero on its diagonal",
        inputs,
        List.of(Matrices.sizes(inputs.get(1))),
        m -> List.of(solved(m.get(0), m.get(1))));
  }

  private RealMatrix solved(RealMatrix a, RealMatrix b) {
    if (diagonal == Diagonal.UNIT) {
      for (int i = 0; i < a.getRowDimension(); i++) {
        a.setEntry(i, i, 1);
      }
    }
    RealMatrix x = b.copy();
    for (int column = 0; column < b.getColumnDimension(); column++) {
      RealVector vector = new ArrayRealVector(b.getColumn(column), false);
      switch (triangle) {
        case LOWER -> MatrixUtils.solveLowerTriangularSystem(a, vector);
        case UPPER -> MatrixUtils.solveUpperTriangularSystem(a, vector);
      }
      x.setColumnVector(column, vector);
    }
    return x;
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.inputs(0).withOutputs();
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    SolveTriangular back = new SolveTriangular(triangle.transposed(), diagonal);
    T b = g.grad().call(back, List.of(g.input(0).mT(), g.grad()));
    T whole = b.matmul(g.output().mT()).neg();
    long off = diagonal == Diagonal.UNIT ? 1 : 0;
    T a =
        switch (triangle) {
          case LOWER -> whole.tril(-off);
          case UPPER -> whole.triu(off);
        };
    return Arrays.asList(a, b);
  }
}
