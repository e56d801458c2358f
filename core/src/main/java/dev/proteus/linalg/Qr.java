package dev.proteus.linalg;

import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.op.ArrangeOps;
import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/// `A = Q R` with orthonormal columns in Q and R upper triangular, by Householder reflections.
///
/// Derivative: Roberts and Roberts, "QR and LQ decomposition matrix backpropagation algorithms for
/// square, wide, and deep matrices", 2020. It needs the first columns of A, as many as the smaller
/// side, to be independent.
///
/// @param mode how many columns Q has
public record Qr(Mode mode) implements Hosted {
  /// How many columns Q has.
  public enum Mode {
    /// As many as the smaller side of A.
    REDUCED,
    /// As many as A has rows.
    COMPLETE
  }

  /// The two factors.
  public record Factors<T>(T q, T r) {}

  @Override
  public String name() {
    return "qr";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec a = inputs.getFirst();
    Matrices.check(name(), a);
    long rows = Matrices.rows(a);
    long inner = inner(rows, Matrices.columns(a));
    return List.of(Matrices.stack(a, rows, inner), Matrices.stack(a, inner, Matrices.columns(a)));
  }

  private long inner(long rows, long columns) {
    return switch (mode) {
      case REDUCED -> Math.min(rows, columns);
      case COMPLETE -> rows;
    };
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    Shape sizes = Matrices.sizes(inputs.getFirst());
    long inner = inner(sizes.size(0), sizes.size(1));
    return Matrices.each(
        name(),
        "finite",
        inputs,
        List.of(Shape.of(sizes.size(0), inner), Shape.of(inner, sizes.size(1))),
        a -> factors(a.getFirst(), (int) inner));
  }

  private static List<RealMatrix> factors(RealMatrix a, int inner) {
    QRDecomposition qr = new QRDecomposition(a);
    RealMatrix q = Matrices.columns(qr.getQ(), inner);
    RealMatrix r = Matrices.rows(qr.getR(), inner);
    int last = a.getRowDimension() - 1;
    if (last < a.getColumnDimension() && r.getEntry(last, last) != 0) {
      // The library reflects a single last element, too; LAPACK leaves its sign alone.
      q.setColumnVector(last, q.getColumnVector(last).mapMultiply(-1));
      r.setRowVector(last, r.getRowVector(last).mapMultiply(-1));
    }
    return List.of(q, r);
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.ALL;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    TensorSpec a = g.spec(0);
    long rows = Matrices.rows(a);
    long columns = Matrices.columns(a);
    if (mode == Mode.COMPLETE && rows > columns) {
      throw new UnsupportedOperatorException(
          "qr: the complete factors of %s have no derivative, for the last columns of Q are arbitrary; use REDUCED"
              .formatted(a.shape()));
    }
    T q = g.output(0);
    T r = g.output(1);
    if (rows >= columns) {
      return Collections.singletonList(square(q, r, g.grad(0), g.grad(1)));
    }
    // A = [X | Y] and R = [U | V]: X = Q U is square, and Y = Q V.
    T y = g.input(0).narrow(-1, rows, columns - rows);
    T u = r.narrow(-1, 0, rows);
    T ofU = g.grad(1).narrow(-1, 0, rows);
    T ofV = g.grad(1).narrow(-1, rows, columns - rows);
    T ofX = square(q, u, g.grad(0).add(y.matmul(ofV.mT())), ofU);
    return Collections.singletonList(ArrangeOps.cat(List.of(ofX, q.matmul(ofV)), -1));
  }

  private static <T extends TensorOps<T>> T square(T q, T r, T ofQ, T ofR) {
    T m = r.matmul(ofR.mT()).sub(ofQ.mT().matmul(q));
    T symmetric = m.tril(0).add(m.tril(-1).mT());
    T right = ofQ.add(q.matmul(symmetric));
    return Linalg.solveTriangular(r, right.mT(), SolveTriangular.Triangle.UPPER).mT();
  }
}
