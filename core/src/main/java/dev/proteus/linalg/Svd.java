package dev.proteus.linalg;

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
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.jspecify.annotations.Nullable;

/// `A = U diag(S) Vᵀ` with orthonormal columns in U and V, and singular values from the largest to
/// the smallest.
///
/// Derivative: Townsend, "Differentiating the singular value decomposition", 2016. Vectors of equal
/// singular values, or of zeros, are not determined: they add nothing, and columns beyond the
/// smaller side neither.
///
/// @param vectors how many columns U and V have
public record Svd(Vectors vectors) implements Hosted {
  /// How many columns U and V have.
  public enum Vectors {
    /// As many as the smaller side of A.
    THIN,
    /// U as many as A has rows, V as many as A has columns.
    FULL
  }

  /// The factors; the last is V transposed.
  public record Factors<T>(T u, T s, T vt) {}

  @Override
  public String name() {
    return "svd";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec a = inputs.getFirst();
    Matrices.check(name(), a);
    long rows = Matrices.rows(a);
    long columns = Matrices.columns(a);
    long side = Matrices.side(a);
    return List.of(
        Matrices.stack(a, rows, count(rows, side)),
        Matrices.stack(a, side),
        Matrices.stack(a, count(columns, side), columns));
  }

  private long count(long length, long side) {
    return switch (vectors) {
      case THIN -> side;
      case FULL -> length;
    };
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    Shape sizes = Matrices.sizes(inputs.getFirst());
    long rows = sizes.size(0);
    long columns = sizes.size(1);
    long side = Math.min(rows, columns);
    return Matrices.each(
        name(),
        "finite",
        inputs,
        List.of(
            Shape.of(rows, count(rows, side)),
            Shape.of(side),
            Shape.of(count(columns, side), columns)),
        a -> factors(a.getFirst()));
  }

  private List<RealMatrix> factors(RealMatrix a) {
    SingularValueDecomposition svd = new SingularValueDecomposition(a);
    RealMatrix s = Matrices.column(svd.getSingularValues());
    return switch (vectors) {
      case THIN -> List.of(svd.getU(), s, svd.getVT());
      case FULL -> List.of(completed(svd.getU()), s, completed(svd.getV()).transpose());
    };
  }

  /// Orthonormal columns and as many more as make a basis: a QR factor's columns span what the
  /// first ones do not.
  private static RealMatrix completed(RealMatrix columns) {
    RealMatrix q = new QRDecomposition(columns).getQ();
    q.setSubMatrix(columns.getData(), 0, 0);
    return q;
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.OUTPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    long side = Matrices.side(g.spec(0));
    T u = g.output(0).narrow(-1, 0, side);
    T v = g.output(2).narrow(-2, 0, side).mT();
    T ofU = g.grad(0).narrow(-1, 0, side);
    T ofV = g.grad(2).narrow(-2, 0, side).mT();
    T s = g.output(1);
    T row = s.unsqueeze(-2);
    T column = s.unsqueeze(-1);
    T gaps = row.square().sub(column.square());
    T off = Linalg.reciprocalOrZero(gaps);
    T inU = u.mT().matmul(ofU);
    T inV = v.mT().matmul(ofV);
    T inner =
        skew(inU).mul(off).mul(row).add(skew(inV).mul(off).mul(column)).add(g.grad(1).diagEmbed(0));
    T inverse = Linalg.reciprocalOrZero(row);
    T a = u.matmul(inner).matmul(v.mT());
    if (Matrices.rows(g.spec(0)) > side) {
      T outside = ofU.sub(u.matmul(inU)).mul(inverse);
      a = a.add(outside.matmul(v.mT()));
    }
    if (Matrices.columns(g.spec(0)) > side) {
      T outside = ofV.sub(v.matmul(inV)).mul(inverse);
      a = a.add(u.matmul(outside.mT()));
    }
    return Collections.singletonList(a);
  }

  private static <T extends TensorOps<T>> T skew(T x) {
    return x.sub(x.mT());
  }
}
