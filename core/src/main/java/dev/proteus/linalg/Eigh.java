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
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/// The eigenvalues of symmetric matrices, ascending, and orthonormal eigenvectors as columns; the
/// upper triangle is not read.
///
/// Derivative: Giles 2008, 3.1. Vectors of equal eigenvalues are not determined and add nothing.
public record Eigh() implements Hosted {
  /// `A = vectors diag(values) vectorsᵀ`.
  public record Factors<T>(T values, T vectors) {}

  @Override
  public String name() {
    return "eigh";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec a = inputs.getFirst();
    Matrices.checkSquare(name(), a);
    return List.of(Matrices.stack(a, Matrices.rows(a)), a);
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    Shape sizes = Matrices.sizes(inputs.getFirst());
    return Matrices.each(
        name(),
        "finite",
        inputs,
        List.of(Shape.of(sizes.size(0)), sizes),
        a -> factors(new EigenDecomposition(Matrices.symmetric(a.getFirst()))));
  }

  /// The library gives the largest first.
  private static List<RealMatrix> factors(EigenDecomposition eigen) {
    double[] descending = eigen.getRealEigenvalues();
    double[] values = new double[descending.length];
    RealMatrix vectors = eigen.getV();
    for (int i = 0; i < values.length; i++) {
      int from = values.length - 1 - i;
      values[i] = descending[from];
      vectors.setColumn(i, eigen.getEigenvector(from).toArray());
    }
    return List.of(Matrices.column(values), vectors);
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.OUTPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T values = g.output(0);
    T v = g.output(1);
    T gaps = values.unsqueeze(-2).sub(values.unsqueeze(-1));
    T turn = v.mT().matmul(g.grad(1)).mul(Linalg.reciprocalOrZero(gaps));
    T inner = g.grad(0).diagEmbed(0).add(turn);
    T whole = v.matmul(inner).matmul(v.mT());
    return Collections.singletonList(whole.add(whole.mT()).mul(0.5));
  }
}
