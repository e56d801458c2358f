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
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.jspecify.annotations.Nullable;

/// The Moore–Penrose inverses of matrices of any shape and rank.
///
/// Derivative: Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear least
/// squares problems whose variables separate", 1973, where the rank does not change.
///
/// @param tolerance singular values up to this times the largest count as zero
public record Pinv(double tolerance) implements Hosted {
  @Override
  public String name() {
    return "pinv";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec a = inputs.getFirst();
    Matrices.check(name(), a);
    return List.of(Matrices.stack(a, Matrices.columns(a), Matrices.rows(a)));
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    Shape sizes = Matrices.sizes(inputs.getFirst());
    return Matrices.each(
        name(),
        "finite",
        inputs,
        List.of(Shape.of(sizes.size(1), sizes.size(0))),
        a -> List.of(of(a.getFirst(), tolerance)));
  }

  static RealMatrix of(RealMatrix a, double tolerance) {
    SingularValueDecomposition svd = new SingularValueDecomposition(a);
    double[] values = svd.getSingularValues();
    double[] inverses = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      inverses[i] = values[i] > tolerance * values[0] ? 1 / values[i] : 0;
    }
    return svd.getV()
        .multiply(MatrixUtils.createRealDiagonalMatrix(inverses))
        .multiply(svd.getUT());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.ALL;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(gradient(g.input(0), g.output(), g.grad()));
  }

  /// The gradient of A for that of its inverse P: the transposes of `dP = -P dA P + P Pᵀ dAᵀ (I - A
  /// P) + (I - P A) dAᵀ Pᵀ P`.
  static <T extends TensorOps<T>> T gradient(T a, T p, T ofP) {
    T transposed = p.mT();
    T grad = ofP.mT();
    T inside = transposed.matmul(ofP).matmul(transposed).neg();
    T left = grad.sub(a.matmul(p.matmul(grad))).matmul(p).matmul(transposed);
    T right = transposed.matmul(p).matmul(grad.sub(grad.matmul(p).matmul(a)));
    return inside.add(left).add(right);
  }
}
