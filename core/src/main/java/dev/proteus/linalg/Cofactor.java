package dev.proteus.linalg;

import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.jspecify.annotations.Nullable;

/// The cofactor matrices of square matrices: `det(A) A⁻ᵀ`, continued to singular ones. The
/// derivative of the determinant.
///
/// With `A = U S Vᵀ` it is `det(U) det(V) U C Vᵀ`, C the cofactors of S: at each place the product
/// of all other singular values (Stewart, "On the adjugate matrix", 1998).
record Cofactor() implements Hosted {
  @Override
  public String name() {
    return "cofactor";
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
        "finite",
        inputs,
        List.of(Matrices.sizes(inputs.getFirst())),
        a -> List.of(cofactors(a.getFirst())));
  }

  private static RealMatrix cofactors(RealMatrix a) {
    SingularValueDecomposition svd = new SingularValueDecomposition(a);
    double[] others = productsOfOthers(svd.getSingularValues());
    double sign =
        new Elimination(svd.getU()).determinant() * new Elimination(svd.getV()).determinant();
    return svd.getU()
        .multiply(MatrixUtils.createRealDiagonalMatrix(others))
        .multiply(svd.getVT())
        .scalarMultiply(Math.signum(sign));
  }

  private static double[] productsOfOthers(double[] values) {
    double[] products = new double[values.length];
    double before = 1;
    for (int i = 0; i < values.length; i++) {
      products[i] = before;
      before *= values[i];
    }
    double after = 1;
    for (int i = values.length - 1; i >= 0; i--) {
      products[i] *= after;
      after *= values[i];
    }
    return products;
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.ALL;
  }

  /// With C the result, its differential is `(tr(A⁻¹ dA) C - C dAᵀ C / det A)`, and `A⁻ᵀ = C / det
  /// A`.
  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T cofactor = g.output();
    T det = Linalg.det(g.input(0)).unsqueeze(-1).unsqueeze(-1);
    T along = cofactor.mul(g.grad()).flatten(-2, -1).sum(-1).unsqueeze(-1).unsqueeze(-1);
    T across = cofactor.matmul(g.grad().mT()).matmul(cofactor);
    return Collections.singletonList(cofactor.mul(along).sub(across).div(det));
  }
}
