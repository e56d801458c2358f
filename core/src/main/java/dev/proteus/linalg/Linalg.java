package dev.proteus.linalg;

import dev.proteus.error.ShapeException;
import dev.proteus.linalg.SolveTriangular.Diagonal;
import dev.proteus.linalg.SolveTriangular.Triangle;
import dev.proteus.op.Op;
import dev.proteus.op.TensorOps;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Decompositions, equations and functions of matrices, as PyTorch's `torch.linalg`.
///
/// Operands are stacks of matrices, float32 or float64: the last two axes are rows and columns, all
/// others batch axes. On every device the work is done on the host, in float64. Products of
/// matrices are operators of tensors.
///
/// ```java
/// Tensor x = Linalg.solve(a, b);
/// Svd.Factors<Tensor> f = Linalg.svd(a, Svd.Vectors.THIN);
/// ```
///
/// A matrix that an algorithm cannot work with is a [dev.proteus.error.LinalgException].
public final class Linalg {
  private Linalg() {}

  private static <T extends TensorOps<T>> T call(Op op, T a) {
    return a.call(op, List.of(a));
  }

  /// The inverses of square matrices.
  public static <T extends TensorOps<T>> T inverse(T a) {
    return call(new Inverse(), a);
  }

  /// The pseudo-inverses of matrices of any shape; singular values up to the type's precision times
  /// the longer side, relative to the largest, count as zero.
  public static <T extends TensorOps<T>> T pinv(T a) {
    Matrices.check("pinv", a.spec());
    return pinv(a, tolerance(a.spec()));
  }

  /// The pseudo-inverses of matrices of any shape; singular values up to `tolerance` times the
  /// largest count as zero.
  public static <T extends TensorOps<T>> T pinv(T a, double tolerance) {
    return call(new Pinv(tolerance), a);
  }

  private static double tolerance(TensorSpec a) {
    double precision = a.dtype() == DType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f);
    return precision * Math.max(Matrices.rows(a), Matrices.columns(a));
  }

  /// The determinants of square matrices.
  public static <T extends TensorOps<T>> T det(T a) {
    return call(new Det(), a);
  }

  /// The signs and logarithms of determinants.
  public static <T extends TensorOps<T>> SlogDet.Parts<T> slogdet(T a) {
    List<T> parts = a.apply(new SlogDet(), List.of(a));
    return new SlogDet.Parts<>(parts.get(0), parts.get(1));
  }

  /// The solutions X of `A X = B` with square A; batch axes are broadcast. B is a stack of vectors
  /// if it has one axis, or just those of A but the last.
  public static <T extends TensorOps<T>> T solve(T a, T b) {
    Matrices.checkSquare("solve", a.spec());
    if (isVectors(a.spec().shape(), b.spec().shape())) {
      return solve(a, b.unsqueeze(-1)).squeeze(-1);
    }
    Matrices.check("solve", b.spec());
    Shape batch = Shape.broadcast(Matrices.batch(a.spec()), Matrices.batch(b.spec()), "solve");
    return a.call(new Solve(), List.of(expanded(a, batch), expanded(b, batch)));
  }

  private static boolean isVectors(Shape a, Shape b) {
    return b.rank() == 1 || b.equals(a.slice(0, a.rank() - 1));
  }

  private static <T extends TensorOps<T>> T expanded(T stack, Shape batch) {
    TensorSpec spec = stack.spec();
    return stack.expand(batch.concat(Shape.of(Matrices.rows(spec), Matrices.columns(spec))));
  }

  /// The solutions X of `A X = B` with triangular A; batch axes are broadcast.
  public static <T extends TensorOps<T>> T solveTriangular(T a, T b, Triangle triangle) {
    return solveTriangular(a, b, triangle, Diagonal.GIVEN);
  }

  /// The solutions X of `A X = B` with triangular A; batch axes are broadcast.
  public static <T extends TensorOps<T>> T solveTriangular(
      T a, T b, Triangle triangle, Diagonal diagonal) {
    SolveTriangular solve = new SolveTriangular(triangle, diagonal);
    Matrices.checkSquare(solve.name(), a.spec());
    Matrices.check(solve.name(), b.spec());
    Shape batch = Shape.broadcast(Matrices.batch(a.spec()), Matrices.batch(b.spec()), solve.name());
    return a.call(solve, List.of(expanded(a, batch), expanded(b, batch)));
  }

  /// The X of least norm among those that bring `A X` nearest to B; batch axes are broadcast. B is
  /// a stack of vectors if it has one axis, or just those of A but the last.
  public static <T extends TensorOps<T>> T lstsq(T a, T b) {
    Matrices.check("lstsq", a.spec());
    if (isVectors(a.spec().shape(), b.spec().shape())) {
      return lstsq(a, b.unsqueeze(-1)).squeeze(-1);
    }
    Matrices.check("lstsq", b.spec());
    Shape batch = Shape.broadcast(Matrices.batch(a.spec()), Matrices.batch(b.spec()), "lstsq");
    Lstsq op = new Lstsq(tolerance(a.spec()));
    return a.call(op, List.of(expanded(a, batch), expanded(b, batch)));
  }

  /// The lower triangular L with `A = L Lᵀ` of symmetric positive definite matrices.
  public static <T extends TensorOps<T>> T cholesky(T a) {
    return call(new Cholesky(), a);
  }

  /// Orthonormal Q and upper triangular R with `A = Q R`, as small as they can be.
  public static <T extends TensorOps<T>> Qr.Factors<T> qr(T a) {
    return qr(a, Qr.Mode.REDUCED);
  }

  /// Orthonormal Q and upper triangular R with `A = Q R`.
  public static <T extends TensorOps<T>> Qr.Factors<T> qr(T a, Qr.Mode mode) {
    List<T> factors = a.apply(new Qr(mode), List.of(a));
    return new Qr.Factors<>(factors.get(0), factors.get(1));
  }

  /// Permutation P, unit lower triangular L and upper triangular U with `A = P L U`.
  public static <T extends TensorOps<T>> Lu.Factors<T> lu(T a) {
    List<T> factors = a.apply(new Lu(), List.of(a));
    return new Lu.Factors<>(factors.get(0), factors.get(1), factors.get(2));
  }

  /// Orthonormal U and V and singular values S with `A = U diag(S) Vᵀ`; PyTorch's default is
  /// [Svd.Vectors#FULL].
  public static <T extends TensorOps<T>> Svd.Factors<T> svd(T a, Svd.Vectors vectors) {
    List<T> factors = a.apply(new Svd(vectors), List.of(a));
    return new Svd.Factors<>(factors.get(0), factors.get(1), factors.get(2));
  }

  /// The singular values, from the largest to the smallest.
  public static <T extends TensorOps<T>> T svdvals(T a) {
    return svd(a, Svd.Vectors.THIN).s();
  }

  /// The eigenvalues, ascending, and eigenvectors of symmetric matrices.
  public static <T extends TensorOps<T>> Eigh.Factors<T> eigh(T a) {
    List<T> factors = a.apply(new Eigh(), List.of(a));
    return new Eigh.Factors<>(factors.get(0), factors.get(1));
  }

  /// The eigenvalues of symmetric matrices, ascending.
  public static <T extends TensorOps<T>> T eigvalsh(T a) {
    return eigh(a).values();
  }

  /// The complex eigenvalues and eigenvectors of square matrices.
  public static <T extends TensorOps<T>> Eig.Pairs<T> eig(T a) {
    List<T> parts = a.apply(new Eig(), List.of(a));
    return new Eig.Pairs<>(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
  }

  /// The exponentials of square matrices.
  public static <T extends TensorOps<T>> T matrixExp(T a) {
    return call(new MatrixExp(), a);
  }

  /// Square matrices multiplied with themselves `power` times; a negative power is one of the
  /// inverses.
  public static <T extends TensorOps<T>> T matrixPower(T a, int power) {
    Matrices.checkSquare("matrixPower", a.spec());
    if (power < 0) {
      return matrixPower(inverse(a), -power);
    }
    if (power == 0) {
      long size = Matrices.rows(a.spec());
      T ones = a.ones(a.spec().withShape(Shape.of(size)));
      return ones.diagEmbed(0).expand(a.spec().shape());
    }
    T half = matrixPower(a, power / 2);
    T even = power == 1 ? a : half.matmul(half);
    return power == 1 || power % 2 == 0 ? even : even.matmul(a);
  }

  /// The number of singular values that do not count as zero, as int64.
  public static <T extends TensorOps<T>> T matrixRank(T a) {
    T values = svdvals(a);
    T limit = values.slice(-1, 0, 1).mul(tolerance(a.spec()));
    return values.gt(limit).sum(-1);
  }

  /// The condition numbers in the 2-norm: the largest singular value by the smallest.
  public static <T extends TensorOps<T>> T cond(T a) {
    T values = svdvals(a);
    return values.select(-1, 0).div(values.select(-1, -1));
  }

  /// A norm of matrices.
  public enum MatrixNorm {
    /// The root of the sum of squares.
    FROBENIUS,
    /// The sum of the singular values.
    NUCLEAR,
    /// The largest singular value.
    SPECTRAL,
    /// The largest sum of absolute values in a column.
    COLUMNS,
    /// The largest sum of absolute values in a row.
    ROWS
  }

  /// A norm of each matrix of a stack.
  public static <T extends TensorOps<T>> T matrixNorm(T a, MatrixNorm norm) {
    Matrices.check("matrixNorm", a.spec());
    return switch (norm) {
      case FROBENIUS -> a.square().sum(-2, -1).sqrt();
      case NUCLEAR -> svdvals(a).sum(-1);
      case SPECTRAL -> svdvals(a).select(-1, 0);
      case COLUMNS -> a.abs().sum(-2).amax(-1);
      case ROWS -> a.abs().sum(-1).amax(-1);
    };
  }

  /// The product of matrices in the order that needs the fewest multiplications; the first and the
  /// last may be vectors.
  public static <T extends TensorOps<T>> T multiDot(List<T> matrices) {
    if (matrices.size() < 2) {
      throw new ShapeException(
          "multiDot: %s operands; expected at least 2".formatted(matrices.size()));
    }
    return new MatrixChain<>(matrices).product();
  }

  /// 1 by each element, and 0 where it is 0; the derivative is finite there, too.
  static <T extends TensorOps<T>> T reciprocalOrZero(T x) {
    T isZero = x.eq(0);
    return x.maskedFill(isZero, 1).reciprocal().maskedFill(isZero, 0);
  }
}
