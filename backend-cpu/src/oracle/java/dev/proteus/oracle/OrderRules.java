package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.ALL;
import static dev.proteus.oracle.Draft.FLOATING;
import static dev.proteus.oracle.Draft.INTEGERS;
import static dev.proteus.oracle.Draft.NUMBERS;
import static dev.proteus.oracle.Rule.Trait.VALUE_ONLY;
import static dev.proteus.oracle.Rule.many;
import static dev.proteus.oracle.Rule.rule;
import static dev.proteus.oracle.Tolerance.EXACT;

import dev.proteus.op.Indexed;
import dev.proteus.op.SearchSorted;
import dev.proteus.op.Sort;
import dev.proteus.op.Unique;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.List;

/// Operators for which the order of elements counts. Where PyTorch leaves open which of equal
/// elements it means, only values are compared, or no two are equal.
final class OrderRules {
  private static final Draw ALONG = d -> d.types(ALL).any().x().axis();
  private static final Draw KEEPING = ALONG.then(d -> d.flag("keepdim"));
  private static final Draw NUMBER = d -> d.types(NUMBERS).any().x().axis().flag("keepdim");
  private static final Draw SORTED = ALONG.then(d -> d.flag("descending"));
  private static final Draw APART = d -> d.types(Draft.WIDE).fills(Fill.DISTINCT).x().axis();
  private static final Draw RUNNING = d -> d.types(ALL).summable().x().axis();

  static final List<Rule> ALL_RULES =
      List.of(
          rule("argmax", "argmax", g -> g.x().argmax(g.keep(), g.axis()), NUMBER),
          rule("argmax.all", "argmax(x)", g -> g.x().argmax(), NUMBER),
          rule("argmin", "argmin", g -> g.x().argmin(g.keep(), g.axis()), NUMBER),
          rule("argmin.all", "argmin(x)", g -> g.x().argmin(), NUMBER),
          many("max", "max.dim", g -> both(g.x().max(g.keep(), g.axis())), KEEPING).within(EXACT),
          many("min", "min.dim", g -> both(g.x().min(g.keep(), g.axis())), KEEPING).within(EXACT),
          many(
                  "sort",
                  "sort.stable(x,true,axis,descending)",
                  g -> both(g.x().sort(g.axis(), order(g))),
                  SORTED)
              .within(EXACT),
          rule(
              "argsort",
              "argsort.stable(x,true,axis,descending)",
              g -> g.x().argsort(g.axis(), order(g)),
              SORTED),
          rule(
                  "topk",
                  "topk(x,k,axis,descending)#0",
                  g -> g.x().topk(g.whole("k"), g.axis(), order(g)).values(),
                  NUMBER.then(d -> d.flag("descending")).then(OrderRules::count))
              .within(EXACT)
              .with(VALUE_ONLY),
          many(
                  "topk.apart",
                  "topk(x,k,axis,descending)",
                  g -> both(g.x().topk(g.whole("k"), g.axis(), order(g))),
                  APART.then(d -> d.flag("descending")).then(OrderRules::count))
              .within(EXACT),
          rule(
                  "kthvalue",
                  "kthvalue(x,k,axis)#0",
                  g -> g.x().kthvalue(g.whole("k"), g.axis()).values(),
                  ALONG.then(OrderRules::count))
              .within(EXACT)
              .with(VALUE_ONLY),
          many(
                  "kthvalue.apart",
                  "kthvalue(x,k,axis)",
                  g -> both(g.x().kthvalue(g.whole("k"), g.axis())),
                  APART.then(OrderRules::count))
              .within(EXACT),
          rule("median", "median.dim(x,axis)#0", g -> g.x().median(g.axis()).values(), ALONG)
              .within(EXACT)
              .with(VALUE_ONLY)
              .differs("-", "PyTorch reads past a repeated element", Where.expanded()),
          many("median.apart", "median.dim(x,axis)", g -> both(g.x().median(g.axis())), APART)
              .within(EXACT),
          rule("median.all", "median", g -> g.x().median(), d -> d.types(NUMBERS).any().x())
              .within(EXACT)
              .with(VALUE_ONLY)
              .differs(
                  "DT-33",
                  "nothing has no median but NaN; PyTorch says the least integer",
                  Where.empty().and(drawn -> !drawn.operands().getFirst().dtype().isFloating())),
          rule("cumsum", "cumsum", g -> g.x().cumsum(g.axis()), RUNNING)
              .inPlace(g -> g.x().copy_(g.x().cumsum(g.axis()))),
          rule(
              "cumsum.typed",
              "cumsum",
              g -> g.x().cumsum(g.axis(), g.dtype()),
              RUNNING.then(d -> d.type("dtype", FLOATING))),
          rule(
              "cumprod",
              "cumprod",
              g -> g.x().cumprod(g.axis()),
              d -> d.types(ALL).fills(Fill.away(0.6, 1.5), Fill.TIES).x().axis()),
          rule(
              "logcumsumexp",
              "logcumsumexp",
              g -> g.x().logcumsumexp(g.axis()),
              d -> d.types(FLOATING).finite().x().axis()),
          many("cummax", "cummax", g -> both(g.x().cummax(g.axis())), ALONG).within(EXACT),
          many("cummin", "cummin", g -> both(g.x().cummin(g.axis())), ALONG).within(EXACT),
          many(
                  "unique",
                  "_unique2(x,true,true,true)",
                  g -> all(g.x().unique()),
                  d -> d.types(ALL).fills(Fill.TIES, Fill.NORMAL).x())
              .with(VALUE_ONLY),
          many(
                  "uniqueConsecutive",
                  "unique_consecutive(x,true,true)",
                  g -> all(g.x().uniqueConsecutive()),
                  d -> d.types(ALL).fills(Fill.TIES).x())
              .with(VALUE_ONLY),
          rule("nonzero", "nonzero", g -> g.x().nonzero(), d -> d.types(ALL).any().x()),
          rule(
              "searchsorted",
              "searchsorted.Tensor(x,y,false,right)",
              g -> g.x().searchsorted(g.y(), side(g)),
              OrderRules::boundaries),
          rule(
              "bucketize",
              "bucketize.Tensor(y,x,false,right)",
              g -> g.y().bucketize(g.x(), side(g)),
              OrderRules::boundaries),
          rule(
                  "isin",
                  "isin.Tensor_Tensor",
                  g -> g.x().isin(g.y()),
                  d ->
                      d.types(NUMBERS)
                          .fills(Fill.TIES)
                          .x()
                          .mixed()
                          .operand("y", d.dice().shape(0, 1)))
              .differs("-", "operands may lie as they like; PyTorch refuses some", Where.placed()),
          rule(
              "bincount",
              "bincount(x,none,least)",
              g -> g.x().bincount(g.whole("least")),
              d ->
                  d.types(INTEGERS)
                      .fills(Fill.between(0, 9))
                      .operand("x", Shape.of(d.dice().someSize()))
                      .whole("least", 0, 12)),
          rule(
              "bincount.weights",
              "bincount(x,w,least)",
              g -> g.x().bincount(g.t("w"), g.whole("least")),
              d ->
                  d.types(INTEGERS)
                      .fills(Fill.between(0, 9))
                      .operand("x", Shape.of(d.dice().someSize()))
                      .operand("w", d.shape("x"), d.dice().pick(Draft.WIDE), Fill.NORMAL)
                      .whole("least", 0, 12)),
          rule(
                  "histc",
                  "histc(x,bins,low,high)",
                  g -> g.x().histc(g.number("bins"), g.real("low"), g.real("high")),
                  d ->
                      d.types(Draft.WIDE)
                          .fills(Fill.NORMAL)
                          .x()
                          .whole("bins", 1, 9)
                          .real("low", -2.0, -1.0)
                          .real("high", 1.0, 2.0))
              .with(VALUE_ONLY));

  private OrderRules() {}

  private static List<Tensor> both(Indexed<Tensor> indexed) {
    return List.of(indexed.values(), indexed.indices());
  }

  private static List<Tensor> all(Unique<Tensor> unique) {
    return List.of(unique.values(), unique.inverse(), unique.counts());
  }

  private static Sort.Order order(Given g) {
    return g.flag("descending") ? Sort.Order.DESCENDING : Sort.Order.ASCENDING;
  }

  private static SearchSorted.Side side(Given g) {
    return g.flag("right") ? SearchSorted.Side.RIGHT : SearchSorted.Side.LEFT;
  }

  /// How many elements along the axis, seldom too many.
  private static void count(Draft d) {
    int axis = Math.toIntExact(d.whole("axis"));
    int rank = d.shape("x").rank();
    boolean exists = axis >= -rank && axis < rank;
    int size = exists ? Math.toIntExact(d.shape("x").size(axis)) : 1;
    d.whole("k", 1, Math.max(1, size + (d.dice().oneIn(20) ? 1 : 0)));
  }

  /// Ascending boundaries, and elements to find places for.
  private static void boundaries(Draft d) {
    int size = d.dice().size();
    d.types(Draft.WIDE);
    d.put(
        "x",
        new Operand(
            d.dtype(), Shape.of(size), Placement.PLAIN, Fill.ASCENDING, d.dice().between(0, 999)));
    d.fills(Fill.TIES, Fill.NORMAL).operand("y", d.dice().shape(0, 3)).flag("right");
  }
}
