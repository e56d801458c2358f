package dev.proteus.linalg;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.linalg.SolveTriangular.Diagonal;
import dev.proteus.linalg.SolveTriangular.Triangle;
import dev.proteus.op.Expect;
import dev.proteus.op.GradientCheck;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// First and second derivatives of decompositions, against finite differences.
class LinalgGradientTest {
  private static double[] random(long seed, int count) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }

  /// Well conditioned: small random numbers beside a diagonal of different ones.
  private static double[] matrix(long seed, int rows, int columns) {
    double[] values = random(seed, rows * columns);
    for (int i = 0; i < Math.min(rows, columns); i++) {
      values[i * columns + i] += 2 + 1.5 * i;
    }
    return values;
  }

  private static void check(UnaryOperator<Tensor> function, int rows, int columns) {
    new GradientCheck(x -> function.apply(x.getFirst()))
        .with(matrix(7, rows, columns), rows, columns)
        .check();
  }

  private static Tensor symmetric(Tensor x) {
    return x.add(x.mT());
  }

  @Test
  void inverse() {
    check(Linalg::inverse, 3, 3);
  }

  @Test
  void determinants() {
    check(Linalg::det, 3, 3);
    check(x -> Linalg.slogdet(x).logAbs(), 3, 3);
    check(x -> Linalg.det(x.square()), 1, 1);
  }

  @Test
  void determinantOfASingularMatrix() {
    Tensor a = Tensor.of(new double[] {1, 2, 2, 4}, 2, 2).requiresGrad_(true);
    Linalg.det(a).backward();
    Expect.close(Tensor.of(new double[] {4, -2, -2, 1}, 2, 2), a.grad().orElseThrow(), 1e-6);
  }

  @Test
  void solve() {
    new GradientCheck(x -> Linalg.solve(x.get(0), x.get(1)))
        .with(matrix(1, 3, 3), 3, 3)
        .with(random(2, 6), 3, 2)
        .check();
    new GradientCheck(x -> Linalg.solve(x.get(0), x.get(1)))
        .with(matrix(1, 2, 2), 2, 2)
        .with(random(2, 6), 3, 2, 1)
        .check();
  }

  @ParameterizedTest
  @EnumSource(Triangle.class)
  void solveTriangular(Triangle triangle) {
    for (Diagonal diagonal : Diagonal.values()) {
      new GradientCheck(x -> Linalg.solveTriangular(x.get(0), x.get(1), triangle, diagonal))
          .with(matrix(3, 3, 3), 3, 3)
          .with(random(4, 6), 3, 2)
          .check();
    }
  }

  @Test
  void cholesky() {
    check(x -> Linalg.cholesky(x.matmul(x.mT())), 3, 3);
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "4, 2", "2, 4"})
  void factors(int rows, int columns) {
    check(x -> Linalg.qr(x).q(), rows, columns);
    check(x -> Linalg.qr(x).r(), rows, columns);
    check(x -> Linalg.lu(x).l(), rows, columns);
    check(x -> Linalg.lu(x).u(), rows, columns);
    check(Linalg::pinv, rows, columns);
    check(Linalg::svdvals, rows, columns);
    check(x -> Linalg.svd(x, Svd.Vectors.THIN).u().square(), rows, columns);
    check(x -> Linalg.svd(x, Svd.Vectors.THIN).vt().square(), rows, columns);
    new GradientCheck(x -> Linalg.lstsq(x.get(0), x.get(1)))
        .with(matrix(5, rows, columns), rows, columns)
        .with(random(6, 2 * rows), rows, 2)
        .check();
  }

  @Test
  @DisplayName("AG-3 a permutation has no gradient, its factors have theirs beside it")
  void permutationHasNoGradient() {
    Tensor a = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).requiresGrad_(true);
    Lu.Factors<Tensor> f = Linalg.lu(a);
    assertFalse(f.p().requiresGrad());
    assertTrue(f.p().isLeaf());
    assertTrue(f.l().requiresGrad());
    f.p().matmul(f.l()).matmul(f.u()).sum().backward();
    Expect.close(Tensor.ones(2, 2), a.grad().orElseThrow(), 1e-6);
  }

  @Test
  void completeFactorsHaveNoDerivative() {
    Tensor a = Tensor.rand(3, 2).requiresGrad_(true);
    Tensor r = Linalg.qr(a, Qr.Mode.COMPLETE).r();
    assertThrows(UnsupportedOperatorException.class, () -> r.sum().backward());
  }

  @Test
  void fullVectorsOfASquareMatrix() {
    check(x -> Linalg.svd(x, Svd.Vectors.FULL).u().square(), 3, 3);
  }

  @Test
  void eigh() {
    check(x -> Linalg.eigvalsh(symmetric(x)), 3, 3);
    check(x -> Linalg.eigh(symmetric(x)).vectors().square(), 3, 3);
  }

  @Test
  void equalValuesHaveADerivative() {
    Tensor a = Tensor.eye(2, 2).requiresGrad_(true);
    Linalg.eigvalsh(a).sum().backward();
    Linalg.svdvals(a).sum().backward();
    Expect.values(a.grad().orElseThrow(), 2, 0, 0, 2);
  }

  @Test
  void eig() {
    check(x -> Linalg.eig(x).valuesRe(), 3, 3);
    new GradientCheck(x -> Linalg.eig(x.getFirst()).vectorsRe().square())
        .with(new double[] {1, 0.2, 0.1, 0.3, 2, -0.2, 0.1, 0.1, 3.5}, 3, 3)
        .check();
    new GradientCheck(
            x -> {
              Eig.Pairs<Tensor> e = Linalg.eig(x.getFirst());
              Tensor sizes = e.vectorsRe().square().add(e.vectorsIm().square());
              return sizes.add(e.valuesRe()).add(e.valuesIm().mul(3));
            })
        .with(new double[] {1, -2, 0.3, 2, 1.5, 0.1, 0.2, 0.4, 3}, 3, 3)
        .check();
  }

  @Test
  void matrixExp() {
    check(Linalg::matrixExp, 2, 2);
  }

  @Test
  void compositions() {
    check(x -> Linalg.matrixPower(x, 3).add(Linalg.matrixPower(x, -1)), 2, 2);
    check(x -> Linalg.multiDot(List.of(x, x.mT(), x)), 3, 2);
    check(x -> Linalg.matrixNorm(x, Linalg.MatrixNorm.NUCLEAR), 3, 2);
    check(Linalg::cond, 3, 3);
  }
}
