package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.ALL;
import static dev.proteus.oracle.Draft.FLOATING;
import static dev.proteus.oracle.Rule.many;
import static dev.proteus.oracle.Rule.rule;
import static dev.proteus.oracle.Tolerance.EXACT;
import static dev.proteus.oracle.Where.gradients;

import java.util.List;

/// Folds of axes. PyTorch's `all_dimensions` forms take no axes: Proteus names none.
final class ReduceRules {
  private static final Draw WHOLE = d -> d.types(ALL).summable().x();
  private static final Draw AXES = WHOLE.then(d -> d.axes().flag("keepdim"));
  private static final Draw REAL = d -> d.types(FLOATING).summable().x().axes().flag("keepdim");
  private static final Draw TYPED = AXES.then(d -> d.type("dtype", FLOATING));
  private static final Draw FACTORS =
      d -> d.types(ALL).fills(Fill.away(0.6, 1.5), Fill.TIES).x().axis().flag("keepdim");

  static final List<Rule> ALL_RULES =
      List.of(
          rule("sum", "sum.dim_IntList", g -> g.x().sum(g.keep(), g.axes()), AXES),
          rule("sum.all", "sum", g -> g.x().sum(), WHOLE),
          rule(
              "sum.typed", "sum.dim_IntList", g -> g.x().sum(g.dtype(), g.keep(), g.axes()), TYPED),
          rule("nansum", "nansum", g -> g.x().nansum(g.keep(), g.axes()), AXES),
          rule("mean", "mean.dim", g -> g.x().mean(g.keep(), g.axes()), AXES),
          rule(
              "mean.typed",
              "mean.dim(x,axes,keepdim,dtype)",
              g -> g.x().mean(g.dtype(), g.keep(), g.axes()),
              AXES.then(d -> d.type("dtype", FLOATING))),
          rule("nanmean", "nanmean(x,axes)", g -> g.x().nanmean(g.axes()), REAL),
          rule(
              "prod", "prod.dim_int(x,axis,keepdim)", g -> g.x().prod(g.keep(), g.axis()), FACTORS),
          rule("prod.all", "prod(x)", g -> g.x().prod(), FACTORS),
          rule("amax", "amax", g -> g.x().amax(g.keep(), g.axes()), AXES).within(EXACT),
          rule("amin", "amin", g -> g.x().amin(g.keep(), g.axes()), AXES).within(EXACT),
          many(
                  "aminmax",
                  "aminmax",
                  g -> List.of(g.x().amin(g.keep(), g.axis()), g.x().amax(g.keep(), g.axis())),
                  d -> d.types(ALL).any().x().axis().flag("keepdim"))
              .within(EXACT),
          rule("max.all", "max", g -> g.x().max(), d -> d.types(ALL).any().x()).within(EXACT),
          rule("min.all", "min", g -> g.x().min(), d -> d.types(ALL).any().x()).within(EXACT),
          rule("any", "any.dims", g -> g.x().any(g.keep(), g.axes()), AXES),
          rule("any.all", "any", g -> g.x().any(), WHOLE),
          rule("all", "all.dims", g -> g.x().all(g.keep(), g.axes()), AXES),
          rule("all.all", "all", g -> g.x().all(), WHOLE),
          rule(
              "countNonzero",
              "count_nonzero.dim_IntList(x,axes)",
              g -> g.x().countNonzero(g.axes()),
              AXES),
          rule(
                  "var",
                  "var.correction(x,axes,correction,keepdim)",
                  g -> g.x().var(g.real("correction"), g.keep(), g.axes()),
                  REAL.then(d -> d.whole("correction", 0, 1)))
              .differs(
                  "-",
                  "what has no degree of freedom has no derivative; PyTorch says 0",
                  gradients().and(ReduceRules::isOne)),
          rule(
                  "std",
                  "std.correction(x,axes,correction,keepdim)",
                  g -> g.x().std(g.real("correction"), g.keep(), g.axes()),
                  REAL.then(d -> d.whole("correction", 0, 1)))
              .differs(
                  "-",
                  "what has no degree of freedom has no derivative; PyTorch says 0",
                  gradients().and(ReduceRules::isOne)),
          rule(
                  "norm",
                  "linalg_vector_norm(x,p,axes,keepdim)",
                  g -> g.x().norm(g.real("p"), g.keep(), g.axes()),
                  REAL.then(d ->
                      d.real(
                          "p",
                          2.0,
                          1.0,
                          3.0,
                          0.5,
                          0.0,
                          Double.POSITIVE_INFINITY,
                          Double.NEGATIVE_INFINITY)))
              .differs(
                  "-",
                  "below p = 1 the slope at 0 is infinite; PyTorch says 0",
                  gradients()
                      .and(Where.zero())
                      .and(drawn -> drawn.argument("p").equals(new Value.Real(0.5)))),
          rule(
              "dist",
              "dist",
              g -> g.x().dist(g.y(), g.real("p")),
              d -> d.types(FLOATING).fills(Fill.NORMAL).x().like("y").real("p", 2.0, 1.0, 3.0)),
          rule(
              "logsumexp",
              "logsumexp",
              g -> g.x().logsumexp(g.keep(), g.axes()),
              d -> d.types(FLOATING).summable().x(1, 4).someAxes().flag("keepdim")),
          rule("trace", "trace", g -> g.x().trace(), d -> d.types(ALL).summable().x(2, 2))
              .differs(
                  "-",
                  "the gradient is the diagonal; PyTorch writes beyond it in tall matrices",
                  gradients()));

  private ReduceRules() {}

  /// Whether a single element is folded.
  private static boolean isOne(Case drawn) {
    return drawn.operands().getFirst().shape().toList().contains(1L)
        || drawn.operands().getFirst().shape().rank() == 0;
  }
}
