package dev.proteus.tck;

import static dev.proteus.tck.Arg.x;
import static dev.proteus.tck.Domain.POSITIVE_DEFINITE;
import static dev.proteus.tck.Sample.NUMBERS;
import static dev.proteus.tck.Sample.WIDE;
import static dev.proteus.tck.Sample.s;
import static dev.proteus.tck.Trait.NOT_DIFFERENTIABLE;
import static dev.proteus.tck.Trait.NOT_FINITE;

import dev.proteus.error.LinalgException;
import dev.proteus.error.ShapeException;
import dev.proteus.linalg.Linalg;
import dev.proteus.linalg.Lu;
import dev.proteus.linalg.Qr;
import dev.proteus.linalg.SlogDet;
import dev.proteus.linalg.SolveTriangular.Triangle;
import dev.proteus.linalg.Svd;
import dev.proteus.op.LinalgOps;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/// Samples of products of vectors and matrices, and of decompositions. Of factors that are not
/// determined, as signs of vectors, samples show what is.
final class LinalgSamples {
  static final List<Sample> PRODUCTS =
      List.of(
          product("matmul", Tensor::matmul, x(3, 4), x(4, 5))
              .also(s(4), s(4))
              .also(s(2, 3, 4), s(4, 2))
              .also(s(2, 1, 3, 4), s(3, 4, 2))
              .also(s(3, 4), s(4))
              .also(s(4), s(2, 4, 3))
              .also(s(3, 0), s(0, 2))
              .also(s(0, 4), s(4, 2))
              .also(s(33, 37), s(37, 35))
              .rejects(ShapeException.class, s(3, 4), s(3, 4))
              .rejects(ShapeException.class, s(), s(3)),
          product("mm", Tensor::mm, x(3, 4), x(4, 2)).rejects(ShapeException.class, s(3), s(3)),
          product("bmm", Tensor::bmm, x(2, 3, 4), x(2, 4, 2))
              .rejects(ShapeException.class, s(2, 3, 4), s(3, 4, 2)),
          product("mv", Tensor::mv, x(3, 4), x(4)).also(s(37, 65), s(65)),
          product("dot", Tensor::dot, x(4), x(4)).also(s(1025), s(1025)),
          product("outer", Tensor::outer, x(3), x(4)).types(Sample.ALL),
          product("inner", Tensor::inner, x(2, 3), x(4, 3)),
          product("vecdot", (a, b) -> a.vecdot(b, -1), x(2, 3), x(3)).types(Sample.ALL),
          product("tensordot", (a, b) -> a.tensordot(b, 2), x(2, 3, 4), x(3, 4, 2)),
          Sample.ofList("multiDot", in -> List.of(Linalg.multiDot(in)), x(2, 3), x(3, 4), x(4, 2))
              .types(NUMBERS),
          product("kron", Tensor::kron, x(2, 3), x(3, 2)).types(Sample.ALL),
          product("cross", (a, b) -> a.cross(b, 1), x(2, 3), x(2, 3)),
          product(
              "einsum",
              (a, b) -> LinalgOps.einsum("bij,bjk->bik", List.of(a, b)),
              x(2, 3, 4),
              x(2, 4, 2)),
          product("einsum trace", (a, b) -> LinalgOps.einsum("ii,i", List.of(a, b)), x(3, 3), x(3)),
          Sample.of("addmm", (c, a, b) -> c.addmm(a, b, 0.5, 2), x(5), x(3, 4), x(4, 5)),
          Sample.of("addmm whole", (c, a, b) -> c.addmm(a, b), x(3, 5), x(3, 4), x(4, 5))
              .types(NUMBERS),
          Sample.of("addmv", (c, a, b) -> c.addmv(a, b, 2, 1), x(3), x(3, 4), x(4)).types(NUMBERS),
          Sample.of("baddbmm", (c, a, b) -> c.baddbmm(a, b, 1, 2), x(3, 2), x(2, 3, 4), x(2, 4, 2))
              .types(NUMBERS),
          Sample.of("addr", (c, a, b) -> c.addr(a, b, 1, 2), x(3, 2), x(3), x(2)).types(Sample.ALL),
          Sample.of("cdist", (a, b) -> a.cdist(b, 2), x(2, 3, 4), x(5, 4))
              .also(s(3, 1), s(2, 1))
              .also(s(0, 4), s(2, 4))
              .rejects(ShapeException.class, s(3, 4), s(3, 5))
              .rejects(ShapeException.class, s(4), s(3, 4)),
          Sample.of("cdist 1", (a, b) -> a.cdist(b, 1), x(3, 4), x(5, 4)),
          Sample.of("cdist ∞", (a, b) -> a.cdist(b, Double.POSITIVE_INFINITY), x(3, 4), x(5, 4))
              .types(WIDE)
              .with(Trait.COMBINED),
          Sample.of("pdist", x -> x.pdist(3), x(4, 3)).rejects(ShapeException.class, s(3)),
          Sample.ofList(
                  "blockDiag", in -> List.of(LinalgOps.blockDiag(in)), x(2, 3), x(1, 2), x(0, 1))
              .types(Sample.ALL)
              .with(Trait.PROMOTES),
          Sample.of("trace", x -> x.trace(), x(3, 4)).types(Sample.ALL),
          Sample.of("diag", x -> x.diag(1), x(3)).types(Sample.ALL),
          Sample.of("diagEmbed", x -> x.diagEmbed(-1), x(2, 3)).types(Sample.ALL));

  static final List<Sample> EQUATIONS =
      List.of(
          matrix("inverse", Linalg::inverse)
              .rejects(ShapeException.class, s(2, 3))
              .rejectsValues(LinalgException.class, in -> Linalg.inverse(in.getFirst().mul(0))),
          matrix("det", Linalg::det),
          Sample.ofList(
                  "slogdet",
                  in -> {
                    SlogDet.Parts<Tensor> parts = Linalg.slogdet(in.getFirst());
                    return List.of(parts.sign(), parts.logAbs());
                  },
                  x(POSITIVE_DEFINITE, 2, 3, 3))
              .types(WIDE)
              .within(Tolerance.CHAINED),
          Sample.of("solve", (a, b) -> Linalg.solve(a, b), x(POSITIVE_DEFINITE, 2, 3, 3), x(3, 2))
              .types(WIDE)
              .within(Tolerance.CHAINED)
              .rejects(ShapeException.class, s(3, 3), s(2, 2)),
          Sample.of(
                  "solveTriangular",
                  (a, b) -> Linalg.solveTriangular(a, b, Triangle.LOWER),
                  x(POSITIVE_DEFINITE, 2, 3, 3),
                  x(2, 3, 2))
              .types(WIDE)
              .within(Tolerance.CHAINED),
          Sample.of("lstsq", (a, b) -> Linalg.lstsq(a, b), x(2, 4, 2), x(2, 4, 1))
              .types(WIDE)
              .within(Tolerance.CHAINED),
          matrix("pinv", Linalg::pinv).also(s(2, 2)),
          matrix("matrixExp", Linalg::matrixExp),
          matrix("matrixPower", a -> Linalg.matrixPower(a, 3)),
          matrix("matrixRank", Linalg::matrixRank).with(NOT_DIFFERENTIABLE),
          matrix("cond", Linalg::cond),
          matrix("matrixNorm", a -> Linalg.matrixNorm(a, Linalg.MatrixNorm.NUCLEAR)));

  static final List<Sample> DECOMPOSITIONS =
      List.of(
          matrix("cholesky", a -> Linalg.cholesky(a.add(a.mT())))
              .rejectsValues(LinalgException.class, in -> Linalg.cholesky(in.getFirst().neg())),
          Sample.ofList(
                  "qr",
                  in -> {
                    Qr.Factors<Tensor> f = Linalg.qr(in.getFirst());
                    return List.of(f.q().matmul(f.r()), f.r().abs());
                  },
                  x(POSITIVE_DEFINITE, 2, 3, 3))
              .types(WIDE)
              .within(Tolerance.CHAINED),
          Sample.ofList(
                  "lu",
                  in -> {
                    Lu.Factors<Tensor> f = Linalg.lu(in.getFirst());
                    return List.of(f.p(), f.l(), f.u());
                  },
                  x(POSITIVE_DEFINITE, 2, 3, 3))
              .types(WIDE)
              .within(Tolerance.CHAINED),
          matrix("svdvals", Linalg::svdvals),
          matrix("eigvalsh", a -> Linalg.eigvalsh(a.add(a.mT()))),
          Sample.ofList(
                  "svd",
                  in -> {
                    Svd.Factors<Tensor> f = Linalg.svd(in.getFirst(), Svd.Vectors.THIN);
                    return List.of(f.u().mul(f.s().unsqueeze(-2)).matmul(f.vt()), f.s());
                  },
                  x(POSITIVE_DEFINITE, 2, 3, 3))
              .types(WIDE)
              .within(Tolerance.CHAINED),
          Sample.ofList(
                  "eigh",
                  in -> {
                    Tensor a = in.getFirst();
                    var f = Linalg.eigh(a.add(a.mT()));
                    return List.of(f.values(), f.vectors().square());
                  },
                  x(POSITIVE_DEFINITE, 2, 3, 3))
              .types(WIDE)
              .within(Tolerance.CHAINED),
          Sample.ofList(
                  "eig",
                  in -> {
                    var f = Linalg.eig(in.getFirst());
                    return List.of(
                        f.valuesRe(), f.vectorsRe().square().add(f.vectorsIm().square()));
                  },
                  x(2, 3, 3))
              .types(WIDE)
              .within(Tolerance.CHAINED));

  private LinalgSamples() {}

  private static Sample product(String name, BinaryOperator<Tensor> call, Arg a, Arg b) {
    return Sample.of(name, call, a, b).types(NUMBERS).with(NOT_FINITE);
  }

  private static Sample matrix(String name, UnaryOperator<Tensor> call) {
    return Sample.of(name, call, x(POSITIVE_DEFINITE, 2, 3, 3))
        .also(s(0, 2, 2))
        .types(WIDE)
        .within(Tolerance.CHAINED);
  }
}
