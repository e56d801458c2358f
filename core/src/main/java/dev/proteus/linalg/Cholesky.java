package dev.proteus.linalg;

import dev.proteus.linalg.SolveTriangular.Triangle;
import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/// The lower triangular L with `A = L Lᵀ` of symmetric positive definite matrices, of which the
/// upper triangle is not read.
///
/// Derivative: Murray, "Differentiation of the Cholesky decomposition", 2016, equation 10.
public record Cholesky() implements Hosted {
  @Override
  public String name() {
    return "cholesky";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Matrices.checkSquare(name(), inputs.getFirst());
    return List.of(inputs.getFirst());
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    return Matrices.each(
        name(),
        "positive definite",
        inputs,
        List.of(Matrices.sizes(inputs.getFirst())),
        a -> List.of(factor(Matrices.symmetric(a.getFirst()))));
  }

  private static RealMatrix factor(RealMatrix symmetric) {
    double anyAsymmetry = 1;
    return new CholeskyDecomposition(symmetric, anyAsymmetry, 0).getL();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.OUTPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T transposed = g.output().mT();
    T product = transposed.matmul(g.grad());
    T inner = product.tril(0).add(product.tril(-1).mT()).mul(0.5);
    T left = Linalg.solveTriangular(transposed, inner, Triangle.UPPER);
    T both = Linalg.solveTriangular(transposed, left.mT(), Triangle.UPPER);
    return Collections.singletonList(both);
  }
}
