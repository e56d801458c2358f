package dev.proteus.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.LinalgException;
import dev.proteus.error.ShapeException;
import dev.proteus.linalg.Linalg.MatrixNorm;
import dev.proteus.linalg.SolveTriangular.Diagonal;
import dev.proteus.linalg.SolveTriangular.Triangle;
import dev.proteus.op.Expect;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Decompositions multiply back, solutions solve.
class LinalgTest {
  private static final double EPS = 1e-9;

  private static Tensor f64(double[] values, long... sizes) {
    return Scope.withDType(DType.FLOAT64, () -> Tensor.of(values, sizes));
  }

  private static Tensor random(long seed, long... sizes) {
    Random random = new Random(seed);
    return f64(random.doubles(Shape.of(sizes).numel(), -1, 1).toArray(), sizes);
  }

  private static Tensor eye(long size) {
    return Tensor.eye(size, size).to(DType.FLOAT64);
  }

  private static void isIdentity(Tensor x) {
    Expect.close(eye(x.size(-1)).expand(x.shape()), x, EPS);
  }

  @Test
  void inverse() {
    Tensor a = random(1, 3, 2, 4, 4);
    isIdentity(a.matmul(Linalg.inverse(a)));
    Expect.values(Linalg.inverse(f64(new double[] {2, 0, 0, 4}, 2, 2)), 0.5, 0, 0, 0.25);
    Expect.shape(Linalg.inverse(Tensor.zeros(0, 0)), 0, 0);
    Expect.shape(Linalg.inverse(Tensor.zeros(0, 3, 3)), 0, 3, 3);
    assertEquals(DType.FLOAT32, Linalg.inverse(Tensor.eye(2, 2)).dtype());
    Tensor tiny = eye(2).mul(1e-200);
    Expect.close(eye(2), Linalg.inverse(tiny).mul(1e-200), EPS);
  }

  @Test
  void errors() {
    Tensor flat = Tensor.ones(2, 3);
    Tensor whole = Expect.count(2, 2);
    Expect.error(ShapeException.class, () -> Linalg.inverse(flat), "inverse", "2 x 3", "square");
    Expect.error(ShapeException.class, () -> Linalg.det(Tensor.ones(2)), "det", "[2]");
    Expect.error(DTypeException.class, () -> Linalg.inverse(whole), "inverse", "int64");
    Expect.error(
        DTypeException.class,
        () -> Linalg.svd(flat.to(DType.FLOAT16), Svd.Vectors.THIN),
        "svd",
        "float16");
    Tensor ones = Tensor.ones(2, 2);
    Expect.error(
        LinalgException.class, () -> Linalg.inverse(ones), "inverse", "matrix 0", "invertible");
    Expect.error(
        LinalgException.class, () -> Linalg.cholesky(ones.neg()), "cholesky", "positive definite");
    Tensor second = Tensor.stack(List.of(Tensor.eye(2, 2), ones), 0);
    Expect.error(LinalgException.class, () -> Linalg.solve(second, ones), "solve", "matrix 1");
    Expect.error(
        LinalgException.class,
        () -> Linalg.solveTriangular(ones.tril(-1), ones, Triangle.LOWER),
        "solveTriangular",
        "diagonal");
    Expect.error(
        ShapeException.class, () -> Linalg.solve(ones, Tensor.ones(3, 1)), "solve", "[3, 1]");
  }

  @Test
  void determinants() {
    Expect.values(Linalg.det(f64(new double[] {1, 2, 3, 4}, 2, 2)), -2);
    Expect.values(Linalg.det(Tensor.ones(3, 3)), 0);
    Expect.values(Linalg.det(Tensor.zeros(2, 0, 0)), 1, 1);
    Expect.shape(Linalg.det(Tensor.zeros(0, 2, 2)), 0);
    Tensor a = random(2, 5, 3, 3);
    SlogDet.Parts<Tensor> parts = Linalg.slogdet(a);
    Expect.close(Linalg.det(a), parts.sign().mul(parts.logAbs().exp()), EPS);
    SlogDet.Parts<Tensor> singular = Linalg.slogdet(Tensor.ones(2, 2));
    Expect.values(singular.sign(), 0);
    Expect.values(singular.logAbs(), Double.NEGATIVE_INFINITY);
    Expect.values(Linalg.slogdet(eye(2).mul(1e-200)).logAbs(), 2 * Math.log(1e-200));
    Expect.values(Linalg.slogdet(Tensor.zeros(0, 0)).sign(), 1);
  }

  @Test
  void cofactorsAreTheAdjugateTransposed() {
    Tensor a = random(3, 4, 4);
    Tensor cofactor = a.call(new Cofactor(), List.of(a));
    Expect.close(Linalg.inverse(a).mT().mul(Linalg.det(a)), cofactor, EPS);
    Tensor singular = f64(new double[] {1, 2, 2, 4}, 2, 2);
    Expect.close(
        f64(new double[] {4, -2, -2, 1}, 2, 2),
        singular.call(new Cofactor(), List.of(singular)),
        EPS);
  }

  @Test
  void solve() {
    Tensor a = random(4, 3, 4, 4);
    Tensor b = random(5, 4, 2);
    Expect.close(b.expand(3, 4, 2), a.matmul(Linalg.solve(a, b)), EPS);
    Tensor vectors = random(6, 3, 4);
    Tensor x = Linalg.solve(a, vectors);
    Expect.close(vectors, a.matmul(x.unsqueeze(-1)).squeeze(-1), EPS);
    Expect.shape(Linalg.solve(a, random(7, 4)), 3, 4);
    Expect.shape(Linalg.solve(a, Tensor.zeros(4, 0).to(DType.FLOAT64)), 3, 4, 0);
  }

  @ParameterizedTest
  @EnumSource(Triangle.class)
  void solveTriangular(Triangle triangle) {
    Tensor full = random(8, 2, 4, 4).add(eye(4).mul(3));
    Tensor b = random(9, 4, 3);
    Tensor a = triangle == Triangle.LOWER ? full.tril(0) : full.triu(0);
    Expect.close(b.expand(2, 4, 3), a.matmul(Linalg.solveTriangular(full, b, triangle)), EPS);
    Tensor unit = triangle == Triangle.LOWER ? full.tril(-1) : full.triu(1);
    Tensor x = Linalg.solveTriangular(full, b, triangle, Diagonal.UNIT);
    Expect.close(b.expand(2, 4, 3), unit.add(eye(4)).matmul(x), EPS);
  }

  @Test
  void cholesky() {
    Tensor x = random(10, 2, 3, 3);
    Tensor a = x.matmul(x.mT()).add(eye(3).mul(0.1));
    Tensor l = Linalg.cholesky(a);
    Expect.close(a, l.matmul(l.mT()), EPS);
    Expect.close(l.tril(0), l, 0);
    Expect.close(l, Linalg.cholesky(a.tril(0)), 0);
    Expect.close(eye(2).mul(1e-10), Linalg.cholesky(eye(2).mul(1e-20)), 1e-20);
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "5, 3", "3, 5", "1, 1", "0, 3", "3, 0"})
  void factorsMultiplyBack(long rows, long columns) {
    Tensor a = random(11, 2, rows, columns);
    long side = Math.min(rows, columns);
    Qr.Factors<Tensor> qr = Linalg.qr(a);
    Expect.shape(qr.q(), 2, rows, side);
    Expect.close(a, qr.q().matmul(qr.r()), EPS);
    isIdentity(qr.q().mT().matmul(qr.q()));
    Expect.close(qr.r().triu(0), qr.r(), 0);
    Lu.Factors<Tensor> lu = Linalg.lu(a);
    Expect.close(a, lu.p().matmul(lu.l()).matmul(lu.u()), EPS);
    Expect.close(lu.u().triu(0), lu.u(), 0);
    Expect.close(lu.l().tril(0), lu.l(), 0);
    Svd.Factors<Tensor> svd = Linalg.svd(a, Svd.Vectors.THIN);
    Expect.shape(svd.u(), 2, rows, side);
    Expect.shape(svd.vt(), 2, side, columns);
    Expect.close(a, svd.u().mul(svd.s().unsqueeze(-2)).matmul(svd.vt()), EPS);
    isIdentity(svd.u().mT().matmul(svd.u()));
    Expect.close(svd.s(), Linalg.svdvals(a), 0);
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "5, 3", "3, 5", "1, 3"})
  void completeBases(long rows, long columns) {
    Tensor a = random(12, 2, rows, columns);
    Qr.Factors<Tensor> qr = Linalg.qr(a, Qr.Mode.COMPLETE);
    Expect.shape(qr.q(), 2, rows, rows);
    isIdentity(qr.q().matmul(qr.q().mT()));
    Expect.close(a, qr.q().matmul(qr.r()), EPS);
    Svd.Factors<Tensor> svd = Linalg.svd(a, Svd.Vectors.FULL);
    isIdentity(svd.u().matmul(svd.u().mT()));
    isIdentity(svd.vt().matmul(svd.vt().mT()));
    Tensor thin = Linalg.svd(a, Svd.Vectors.THIN).u();
    Expect.close(thin, svd.u().narrow(-1, 0, Math.min(rows, columns)), EPS);
  }

  @Test
  void signsOfQrAreThoseOfLapack() {
    Qr.Factors<Tensor> wide = Linalg.qr(f64(new double[] {2, -4}, 1, 2));
    Expect.values(wide.q(), 1);
    Expect.values(wide.r(), 2, -4);
    Qr.Factors<Tensor> tall = Linalg.qr(f64(new double[] {3, 4}, 2, 1));
    Expect.values(tall.q(), -0.6, -0.8);
    Expect.values(tall.r(), -5);
  }

  @Test
  void singularMatricesHaveFactors() {
    Tensor a = f64(new double[] {0, 1, 2, 0, 2, 4, 0, 3, 6}, 3, 3);
    Lu.Factors<Tensor> lu = Linalg.lu(a);
    Expect.close(a, lu.p().matmul(lu.l()).matmul(lu.u()), EPS);
    Svd.Factors<Tensor> svd = Linalg.svd(a, Svd.Vectors.THIN);
    isIdentity(svd.u().mT().matmul(svd.u()));
    Expect.close(a, svd.u().mul(svd.s()).matmul(svd.vt()), EPS);
  }

  @Test
  void eigh() {
    Tensor x = random(13, 2, 4, 4);
    Tensor a = x.add(x.mT());
    Eigh.Factors<Tensor> e = Linalg.eigh(a);
    Expect.close(a, e.vectors().mul(e.values().unsqueeze(-2)).matmul(e.vectors().mT()), EPS);
    isIdentity(e.vectors().mT().matmul(e.vectors()));
    Expect.close(e.values().sort(-1).values(), e.values(), 0);
    Expect.close(e.values(), Linalg.eigvalsh(a.tril(0)), EPS);
    Expect.values(Linalg.eigvalsh(eye(3)), 1, 1, 1);
    Expect.values(Linalg.eigvalsh(Tensor.zeros(2, 2)), 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "5", "6"})
  void eig(long size) {
    Tensor a = random(14 + size, 3, size, size);
    Eig.Pairs<Tensor> e = Linalg.eig(a);
    Complex<Tensor> v = new Complex<>(e.vectorsRe(), e.vectorsIm());
    Complex<Tensor> scaled =
        v.mul(new Complex<>(e.valuesRe().unsqueeze(-2), e.valuesIm().unsqueeze(-2)));
    Expect.close(a.matmul(v.re()), scaled.re(), EPS);
    Expect.close(a.matmul(v.im()), scaled.im(), EPS);
    Tensor lengths = v.re().square().add(v.im().square()).sum(-2);
    Expect.close(lengths.onesLike(), lengths, EPS);
    Tensor ofLargest = v.re().square().add(v.im().square()).argmax(-2).unsqueeze(-2);
    Expect.close(Tensor.zeros(3, 1, size).to(DType.FLOAT64), v.im().gather(-2, ofLargest), EPS);
  }

  @Test
  void eigOfARotation() {
    Eig.Pairs<Tensor> e = Linalg.eig(f64(new double[] {0, -1, 1, 0}, 2, 2));
    Expect.values(e.valuesRe(), 0, 0);
    Expect.values(e.valuesIm(), 1, -1);
    Eig.Pairs<Tensor> none = Linalg.eig(Tensor.zeros(2, 2));
    Expect.values(none.valuesRe(), 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "5, 3", "3, 5"})
  void pinvAndLstsq(long rows, long columns) {
    Tensor a = random(20, 2, rows, columns);
    Tensor p = Linalg.pinv(a);
    Expect.close(a, a.matmul(p).matmul(a), EPS);
    Expect.close(p, p.matmul(a).matmul(p), EPS);
    Expect.close(a.matmul(p).mT(), a.matmul(p), EPS);
    Tensor b = random(21, rows, 2);
    Expect.close(p.matmul(b), Linalg.lstsq(a, b), EPS);
    Expect.close(p.matmul(b).select(-1, 0), Linalg.lstsq(a, b.select(-1, 0)), EPS);
    Tensor rankOne = f64(new double[] {1, 2, 2, 4}, 2, 2);
    Expect.values(Linalg.pinv(rankOne), 0.04, 0.08, 0.08, 0.16);
    Expect.values(Linalg.matrixRank(rankOne), 1);
    Expect.close(Tensor.of(Math.min(rows, columns)).expand(2), Linalg.matrixRank(a), 0);
    assertEquals(DType.INT64, Linalg.matrixRank(a).dtype());
  }

  @Test
  void matrixExp() {
    Tensor turn = f64(new double[] {0, -Math.PI / 2, Math.PI / 2, 0}, 2, 2);
    Expect.values(Linalg.matrixExp(turn), 0, -1, 1, 0);
    Expect.values(Linalg.matrixExp(Tensor.zeros(2, 2)), 1, 0, 0, 1);
    Tensor large = random(22, 3, 3).mul(20);
    Tensor half = Linalg.matrixExp(large.mul(0.5));
    Tensor whole = Linalg.matrixExp(large);
    Tensor error = whole.sub(half.matmul(half)).abs().amax().div(whole.abs().amax());
    assertTrue(error.item() < 1e-10, () -> "relative error " + error.item());
    Tensor diagonal = f64(new double[] {1, -2}, 2).diag(0);
    Expect.values(Linalg.matrixExp(diagonal).diagonal(), Math.exp(1), Math.exp(-2));
  }

  @Test
  void powersAndProducts() {
    Tensor a = random(23, 2, 3, 3);
    Expect.close(a.matmul(a).matmul(a).matmul(a).matmul(a), Linalg.matrixPower(a, 5), EPS);
    isIdentity(Linalg.matrixPower(a, 0));
    isIdentity(Linalg.matrixPower(a, -2).matmul(a).matmul(a));
    Tensor b = random(24, 2, 5);
    Tensor c = random(25, 5, 3);
    Tensor d = random(26, 3, 4);
    Expect.close(b.matmul(c).matmul(d), Linalg.multiDot(List.of(b, c, d)), EPS);
    Tensor v = random(27, 2);
    Tensor w = random(28, 4);
    Expect.shape(Linalg.multiDot(List.of(v, b, c, d, w)));
    Expect.error(ShapeException.class, () -> Linalg.multiDot(List.of(b)), "multiDot", "1 operands");
    Expect.error(
        ShapeException.class, () -> Linalg.multiDot(List.of(b, w, c)), "multiDot", "operand 1");
  }

  @Test
  void norms() {
    Tensor a = f64(new double[] {3, 0, -4, 0}, 2, 2);
    Expect.values(Linalg.matrixNorm(a, MatrixNorm.FROBENIUS), 5);
    Expect.values(Linalg.matrixNorm(a, MatrixNorm.NUCLEAR), 5);
    Expect.values(Linalg.matrixNorm(a, MatrixNorm.SPECTRAL), 5);
    Expect.values(Linalg.matrixNorm(a, MatrixNorm.COLUMNS), 7);
    Expect.values(Linalg.matrixNorm(a, MatrixNorm.ROWS), 4);
    Expect.values(Linalg.cond(f64(new double[] {2, 0, 0, 8}, 2, 2)), 4);
  }

  @Test
  void metaInfersShapes() {
    Tensor a = Tensor.zeros(2, 5, 3).to(Device.META);
    Expect.shape(Linalg.svd(a, Svd.Vectors.FULL).u(), 2, 5, 5);
    Expect.shape(Linalg.qr(a).r(), 2, 3, 3);
    Expect.shape(Linalg.lu(a).p(), 2, 5, 5);
    Expect.shape(Linalg.pinv(a), 2, 3, 5);
    Expect.shape(Linalg.lstsq(a, Tensor.zeros(5, 4).to(Device.META)), 2, 3, 4);
  }
}
