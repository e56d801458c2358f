package dev.proteus.nn;

import dev.proteus.error.ShapeException;
import dev.proteus.linalg.Linalg;
import dev.proteus.linalg.Svd;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.List;

/// A weight with orthonormal columns, or rows where there are fewer of them; one with more than two
/// axes is a stack of such matrices.
///
/// The original X, zero at first, turns an orthonormal matrix B: the value is `exp(X·Bᵀ − B·Xᵀ)·B`.
/// The exponent has the form of Wen and Yin, "A feasible method for optimization with orthogonality
/// constraints", 2013; that the map begins at B is from Lezcano-Casado, "Trivializations for
/// gradient-based optimization on manifolds", 2019.
///
/// Buffer: `base`, which is B: the orthonormal matrix nearest to what the weight was.
final class Orthogonal extends Parametrization {
  private final Buffer base;

  /// @throws ShapeException if the weight has fewer than two axes
  Orthogonal(Tensor weight) {
    if (weight.rank() < 2) {
      throw new ShapeException(
          "orthogonal: the weight is %s; it must have at least two axes".formatted(weight.shape()));
    }
    Tensor nearest = Scope.noGrad(() -> Scope.memory(() -> nearest(weight)));
    base = buffer("base", Buffer.of(nearest), Persistence.PERSISTENT);
  }

  /// The singular vectors without the singular values (Higham, "Computing the polar decomposition",
  /// 1986).
  private static Tensor nearest(Tensor weight) {
    Svd.Factors<Tensor> factors = Linalg.svd(computed(weight), Svd.Vectors.THIN);
    return factors.u().matmul(factors.vt()).to(weight.dtype());
  }

  /// Halves are computed in float32.
  private static Tensor computed(Tensor tensor) {
    return tensor.to(tensor.dtype().accumulator());
  }

  @Override
  protected Tensor compute(List<Tensor> originals) {
    Tensor original = originals.getFirst();
    boolean isWide = original.size(-2) < original.size(-1);
    Tensor x = computed(isWide ? original.mT() : original);
    Tensor b = (isWide ? base.mT() : base).to(x.dtype());
    Tensor lean = x.matmul(b.mT());
    Tensor turned = Linalg.matrixExp(lean.sub(lean.mT())).matmul(b);
    return (isWide ? turned.mT() : turned).to(original.dtype());
  }

  @Override
  protected List<Tensor> originals(Tensor value) {
    return List.of(value.zerosLike());
  }
}
