package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.ALL;
import static dev.proteus.oracle.Draft.NUMBERS;
import static dev.proteus.oracle.Draft.WIDE;
import static dev.proteus.oracle.Rule.Trait.VALUE_ONLY;
import static dev.proteus.oracle.Rule.many;
import static dev.proteus.oracle.Rule.rule;
import static dev.proteus.oracle.Tolerance.FOLDED;
import static dev.proteus.oracle.Tolerance.SOLVED;

import dev.proteus.linalg.Eigh;
import dev.proteus.linalg.Linalg;
import dev.proteus.linalg.Lu;
import dev.proteus.linalg.Qr;
import dev.proteus.linalg.SlogDet;
import dev.proteus.linalg.SolveTriangular;
import dev.proteus.linalg.Svd;
import dev.proteus.op.LinalgOps;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Products, decompositions and equations. Decompositions are compared by what they are made for:
/// signs and orders of vectors are free.
final class LinalgRules {
  private static final List<String> EQUATIONS =
      List.of(
          "ij,jk->ik",
          "ij,kj->ik",
          "bij,bjk->bik",
          "ij,ij->",
          "ij,ij->j",
          "i,j->ij",
          "ij->ji",
          "ii->i",
          "ii->",
          "bij->bj",
          "...ij,...jk->...ik",
          "ijk,ljm->iklm",
          "ab,bc,cd->ad",
          "ij,j",
          "...i->...");

  private static final List<Rule> PRODUCTS =
      List.of(
          rule("matmul", "matmul", g -> g.x().matmul(g.y()), LinalgRules::multiplied),
          rule("mm", "mm", g -> g.x().mm(g.y()), matrices(2)),
          rule("bmm", "bmm", g -> g.x().bmm(g.y()), matrices(3)),
          rule(
              "mv",
              "mv",
              g -> g.x().mv(g.y()),
              d ->
                  product(d)
                      .operand("x", Shape.of(d.dice().size(), d.dice().size()))
                      .operand("y", d.shape("x").slice(1, 2))),
          rule(
              "dot",
              "dot",
              g -> g.x().dot(g.y()),
              d -> product(d).operand("x", Shape.of(d.dice().size())).same("y")),
          rule(
              "outer",
              "outer",
              g -> g.x().outer(g.y()),
              d ->
                  product(d)
                      .operand("x", Shape.of(d.dice().size()))
                      .operand("y", Shape.of(d.dice().size()))),
          rule(
              "inner",
              "inner",
              g -> g.x().inner(g.y()),
              d ->
                  product(d)
                      .operand("x", d.dice().shape(1, 3))
                      .operand("y", d.dice().shape(1, 3).with(-1, d.shape("x").size(-1)))),
          rule(
              "vecdot",
              "linalg_vecdot",
              g -> g.x().vecdot(g.y(), g.axis()),
              d -> product(d, Draft.FLOATING).x(1, 3).same("y").whole("axis", -1, -1)),
          rule(
              "tensordot",
              "tensordot(x,y,axes,others)",
              g -> g.x().tensordot(g.y(), g.axes(), g.numbers("others")),
              LinalgRules::contracted),
          rule(
                  "kron",
                  "kron",
                  g -> g.x().kron(g.y()),
                  d -> product(d).operand("x", small(d, 2)).operand("y", small(d, 2)))
              .differs("-", "operands may lie as they like; PyTorch refuses some", Where.placed()),
          rule(
              "cross",
              "linalg_cross",
              g -> g.x().cross(g.y(), g.axis()),
              d ->
                  product(d)
                      .operand("x", d.dice().shape(0, 2).insert(0, 3))
                      .same("y")
                      .whole("axis", 0, 0)),
          rule(
              "addmm",
              "addmm",
              g -> g.x().addmm(g.y(), g.t("z"), g.real("beta"), g.real("alpha")),
              d -> added(d, "x", "y", "z", 2)),
          rule(
              "baddbmm",
              "baddbmm",
              g -> g.x().baddbmm(g.y(), g.t("z"), g.real("beta"), g.real("alpha")),
              d -> added(d, "x", "y", "z", 3)),
          rule(
              "addmv",
              "addmv",
              g -> g.x().addmv(g.y(), g.t("z"), g.real("beta"), g.real("alpha")),
              d ->
                  product(d, Draft.FLOATING)
                      .operand("y", Shape.of(d.dice().someSize(), d.dice().someSize()))
                      .operand("x", d.dice().broadcastable(d.shape("y").slice(0, 1)))
                      .operand("z", d.shape("y").slice(1, 2))
                      .moveLast("y")
                      .moveLast("z")
                      .real("beta", 0.0, 1.0, 0.5)
                      .real("alpha", 1.0, -0.5)),
          rule(
              "addr",
              "addr",
              g -> g.x().addr(g.y(), g.t("z"), g.real("beta"), g.real("alpha")),
              d ->
                  product(d, Draft.FLOATING)
                      .operand("x", Shape.of(d.dice().size(), d.dice().size()))
                      .operand("y", d.shape("x").slice(0, 1))
                      .operand("z", d.shape("x").slice(1, 2))
                      .real("beta", 0.0, 1.0, 0.5)
                      .real("alpha", 1.0, -0.5)),
          rule(
              "linear",
              "linear",
              g ->
                  g.maybe("bias")
                      .map(bias -> g.x().linear(g.t("weight"), bias))
                      .orElseGet(() -> g.x().linear(g.t("weight"))),
              d ->
                  product(d, Draft.FLOATING)
                      .operand("x", d.dice().shape(1, 3))
                      .operand("weight", Shape.of(d.dice().someSize(), d.shape("x").size(-1)))
                      .maybe("bias", d.shape("weight").slice(0, 1))),
          rule(
              "einsum",
              "einsum",
              g -> LinalgOps.einsum(g.word("equation"), g.list("tensors")),
              LinalgRules::equation),
          rule(
              "multiDot",
              "linalg_multi_dot",
              g -> Linalg.multiDot(g.list("tensors")),
              LinalgRules::chain),
          rule(
              "matrixPower",
              "linalg_matrix_power",
              g -> Linalg.matrixPower(g.x(), g.number("n")),
              d -> d.types(WIDE).fills(Fill.NORMAL).operand("x", square(d)).whole("n", 1, 5)));

  private static final List<Rule> SOLUTIONS =
      List.of(
          rule("inverse", "linalg_inv", g -> Linalg.inverse(g.x()), LinalgRules::regular),
          rule("det", "linalg_det", g -> Linalg.det(g.x()), LinalgRules::regular),
          many(
              "slogdet", "linalg_slogdet", g -> parts(Linalg.slogdet(g.x())), LinalgRules::regular),
          rule(
              "solve",
              "linalg_solve",
              g -> Linalg.solve(g.x(), g.y()),
              Draw.of(
                  LinalgRules::regular,
                  d ->
                      d.fills(Fill.NORMAL)
                          .operand("y", d.shape("x").with(-1, d.dice().someSize())))),
          rule(
                  "solveTriangular",
                  "linalg_solve_triangular(x,y,upper)",
                  g ->
                      Linalg.solveTriangular(
                          g.flag("upper") ? g.x().triu(0) : g.x().tril(0),
                          g.y(),
                          g.flag("upper")
                              ? SolveTriangular.Triangle.UPPER
                              : SolveTriangular.Triangle.LOWER),
                  Draw.of(
                      LinalgRules::regular,
                      d ->
                          d.fills(Fill.NORMAL)
                              .operand("y", d.shape("x").with(-1, d.dice().someSize()))
                              .flag("upper")))
              .with(VALUE_ONLY),
          rule("pinv", "linalg_pinv.atol_rtol_tensor", g -> Linalg.pinv(g.x()), LinalgRules::tall),
          rule(
              "cholesky",
              "linalg_cholesky(matmul(x,mT(x)))",
              g -> Linalg.cholesky(g.x().matmul(g.x().mT())),
              LinalgRules::regular),
          rule(
              "matrixExp",
              "linalg_matrix_exp",
              g -> Linalg.matrixExp(g.x()),
              d -> d.types(WIDE).fills(Fill.NORMAL).operand("x", square(d))),
          rule(
                  "matrixRank",
                  "linalg_matrix_rank(x,none)",
                  g -> Linalg.matrixRank(g.x()),
                  LinalgRules::tall)
              .with(VALUE_ONLY),
          rule("cond", "linalg_cond(x)", g -> Linalg.cond(g.x()), LinalgRules::regular)
              .with(VALUE_ONLY));

  private static final List<Rule> DECOMPOSITIONS =
      List.of(
          many("qr", "abs(linalg_qr(x)#1) & x", g -> factors(Linalg.qr(g.x())), LinalgRules::tall),
          many("lu", "linalg_lu(x)", g -> factors(Linalg.lu(g.x())), LinalgRules::regular)
              .with(VALUE_ONLY),
          many(
              "lu.factors",
              "linalg_lu(x)#1 & linalg_lu(x)#2",
              g -> factors(Linalg.lu(g.x())).subList(1, 3),
              LinalgRules::regular),
          rule("svdvals", "linalg_svdvals(x)", g -> Linalg.svdvals(g.x()), LinalgRules::tall),
          many(
              "svd",
              "linalg_svd(x)#1 & x",
              g -> factors(Linalg.svd(g.x(), Svd.Vectors.THIN)),
              LinalgRules::tall),
          rule(
              "eigvalsh",
              "linalg_eigvalsh(add.Tensor(x,mT(x)))",
              g -> Linalg.eigvalsh(g.x().add(g.x().mT())),
              LinalgRules::regular),
          many(
              "eigh",
              "linalg_eigvalsh(add.Tensor(x,mT(x))) & add.Tensor(x,mT(x))",
              g -> factors(Linalg.eigh(g.x().add(g.x().mT()))),
              LinalgRules::regular));

  static final List<Rule> ALL_RULES =
      Stream.concat(
              PRODUCTS.stream().map(rule -> rule.within(FOLDED)).map(LinalgRules::withoutBooleans),
              Stream.concat(SOLUTIONS.stream(), DECOMPOSITIONS.stream())
                  .map(rule -> rule.within(SOLVED)))
          .toList();

  private LinalgRules() {}

  /// PyTorch multiplies booleans in stacks of matrices, but not matrices of booleans.
  private static Rule withoutBooleans(Rule rule) {
    return rule.differs(
        "MM-2", "products are of numbers; PyTorch has some of booleans", Where.type(DType.BOOL));
  }

  private static Draft product(Draft d) {
    return product(d, NUMBERS);
  }

  private static Draft product(Draft d, List<DType> types) {
    return d.types(types.equals(NUMBERS) && d.dice().oneIn(30) ? ALL : types).summable();
  }

  private static Shape small(Draft d, int mostAxes) {
    long[] sizes = new long[d.dice().between(0, mostAxes)];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = d.dice().between(1, 4);
    }
    return Shape.of(sizes);
  }

  /// Operands of all ranks; sizes over a tile's now and then.
  private static void multiplied(Draft d) {
    product(d);
    long n = size(d);
    long k = size(d);
    long m = size(d);
    Shape batch = d.dice().shape(0, 2);
    batch = batch.numel() > 12 ? Shape.of(2) : batch;
    Shape x = d.dice().oneIn(5) ? Shape.of(k) : batch.concat(Shape.of(n, k));
    Shape y =
        d.dice().oneIn(5) ? Shape.of(k) : d.dice().broadcastable(batch).concat(Shape.of(k, m));
    d.operand("x", x).operand("y", y);
  }

  private static long size(Draft d) {
    return d.dice().oneIn(6) ? d.dice().between(17, 70) : d.dice().size();
  }

  private static Draw matrices(int rank) {
    return d -> {
      Shape batch = rank == 3 ? Shape.of(d.dice().between(0, 4)) : Shape.SCALAR;
      long k = size(d);
      product(d).operand("x", batch.concat(Shape.of(size(d), k)));
      d.operand("y", batch.concat(Shape.of(d.dice().oneIn(30) ? k + 1 : k, size(d))));
    };
  }

  private static void added(Draft d, String x, String y, String z, int rank) {
    product(d, Draft.FLOATING);
    Shape batch = rank == 3 ? Shape.of(d.dice().between(1, 4)) : Shape.SCALAR;
    long n = size(d);
    long k = size(d);
    long m = size(d);
    d.operand(x, d.dice().broadcastable(batch.concat(Shape.of(n, m))));
    d.operand(y, batch.concat(Shape.of(n, k)));
    d.operand(z, batch.concat(Shape.of(k, m)));
    d.real("beta", 0.0, 1.0, 0.5).real("alpha", 1.0, 2.0, -0.5);
  }

  private static void contracted(Draft d) {
    product(d).operand("x", d.dice().shape(1, 3));
    Shape shape = d.shape("x");
    int count = d.dice().between(0, shape.rank());
    List<Integer> axes = d.dice().distinct(count, shape.rank());
    Shape common = Shape.of(axes.stream().map(shape::size).toList());
    d.operand("y", common.concat(d.dice().shape(0, 1)));
    d.wholes("axes", axes.stream().map(Integer::longValue).toList());
    d.wholes("others", Stream.iterate(0L, i -> i < count, i -> i + 1).toList());
  }

  /// Each letter of an equation has a size.
  private static void equation(Draft d) {
    String equation = d.dice().pick(EQUATIONS);
    product(d, Draft.FLOATING).word("equation", equation);
    long[] sizes = new long[26];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = d.dice().between(1, 5);
    }
    List<Operand> all = new ArrayList<>();
    for (String letters : equation.split("->", -1)[0].split(",", -1)) {
      Shape batch = letters.startsWith("...") ? Shape.of(sizes[25]) : Shape.SCALAR;
      long[] own = letters.replace(".", "").chars().mapToLong(c -> sizes[c - 'a']).toArray();
      all.add(d.drawn(batch.concat(Shape.of(own)), d.dtype(), Fill.NORMAL));
    }
    d.operands("tensors", all);
  }

  private static void chain(Draft d) {
    product(d, WIDE);
    long rows = d.dice().between(1, 6);
    List<Operand> all = new ArrayList<>();
    for (int i = d.dice().between(2, 4); i > 0; i--) {
      long columns = d.dice().between(1, 6);
      all.add(d.drawn(Shape.of(rows, columns), d.dtype(), Fill.NORMAL));
      rows = columns;
    }
    d.operands("tensors", all);
  }

  private static Shape square(Draft d) {
    long size = d.dice().between(1, 5);
    Shape matrix = Shape.of(size, size);
    return d.dice().oneIn(3) ? matrix.insert(0, d.dice().between(0, 3)) : matrix;
  }

  /// Matrices that are far from singular, as random ones mostly are.
  private static void regular(Draft d) {
    d.types(WIDE);
    dominant(d, square(d));
  }

  private static void dominant(Draft d, Shape shape) {
    Fill fill = Fill.dominant(shape);
    d.put("x", new Operand(d.dtype(), shape, Placement.PLAIN, fill, d.dice().between(0, 999)));
  }

  private static void tall(Draft d) {
    long columns = d.dice().between(1, 4);
    Shape matrix = Shape.of(columns + d.dice().between(0, 3), columns);
    d.types(WIDE);
    dominant(d, d.dice().oneIn(3) ? matrix.insert(0, d.dice().between(1, 3)) : matrix);
  }

  private static List<Tensor> parts(SlogDet.Parts<Tensor> parts) {
    return List.of(parts.sign(), parts.logAbs());
  }

  private static List<Tensor> factors(Qr.Factors<Tensor> qr) {
    return List.of(qr.r().abs(), qr.q().matmul(qr.r()));
  }

  private static List<Tensor> factors(Lu.Factors<Tensor> lu) {
    return List.of(lu.p(), lu.l(), lu.u());
  }

  private static List<Tensor> factors(Svd.Factors<Tensor> svd) {
    Tensor scaled = svd.u().mul(svd.s().unsqueeze(-2));
    return List.of(svd.s(), scaled.matmul(svd.vt()));
  }

  private static List<Tensor> factors(Eigh.Factors<Tensor> eigh) {
    Tensor scaled = eigh.vectors().mul(eigh.values().unsqueeze(-2));
    return List.of(eigh.values(), scaled.matmul(eigh.vectors().mT()));
  }
}
