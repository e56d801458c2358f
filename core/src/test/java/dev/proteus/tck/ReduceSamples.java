package dev.proteus.tck;

import static dev.proteus.tck.Arg.x;
import static dev.proteus.tck.Domain.ANY;
import static dev.proteus.tck.Domain.DISTINCT;
import static dev.proteus.tck.Domain.NONZERO;
import static dev.proteus.tck.Domain.between;
import static dev.proteus.tck.Sample.ALL;
import static dev.proteus.tck.Sample.NUMBERS;
import static dev.proteus.tck.Sample.WIDE;
import static dev.proteus.tck.Sample.s;
import static dev.proteus.tck.Trait.COMBINED;
import static dev.proteus.tck.Trait.MAY_ALIAS;
import static dev.proteus.tck.Trait.NOT_DIFFERENTIABLE;
import static dev.proteus.tck.Trait.NOT_FINITE;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.Indexed;
import dev.proteus.op.Keep;
import dev.proteus.op.Quantile;
import dev.proteus.op.Sort;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Samples of operators that fold axes, or for which the order along an axis counts.
final class ReduceSamples {
  static final List<Sample> FOLDS =
      List.of(
          fold("sum", x -> x.sum(), ANY).types(ALL),
          axis("sum of an axis", x -> x.sum(0), ANY).types(ALL),
          axis("sum of the last axis", x -> x.sum(Keep.AXES, -1), ANY).types(ALL),
          Sample.of("sum of two axes", x -> x.sum(0, 2), x(3, 2, 4)).also(s(2, 3, 0)).types(ALL),
          fold("nansum", x -> x.nansum(), ANY).types(ALL),
          fold("prod", x -> x.prod(), between(0.5, 1.5)).types(ALL),
          axis("prod of an axis", x -> x.prod(1), between(0.7, 1.4)).types(ALL),
          axis("mean", x -> x.mean(0), ANY),
          Sample.of("nanmean", x -> x.nanmean(-1), x(3, 4)).also(s(37, 3)),
          extreme("amax", x -> x.amax(), s(3, 4)),
          extreme("amax of an axis", x -> x.amax(Keep.AXES, 0), s(3, 4)),
          extreme("amin", x -> x.amin(), s(3, 4)),
          extreme("amin of an axis", x -> x.amin(1), s(3, 4)),
          axis("any", x -> x.any(0), ANY).types(ALL).with(NOT_DIFFERENTIABLE),
          axis("all", x -> x.all(Keep.AXES, 1), ANY).types(ALL).with(NOT_DIFFERENTIABLE),
          axis("countNonzero", x -> x.countNonzero(1), ANY).types(ALL).with(NOT_DIFFERENTIABLE),
          Sample.ofList(
                  "aminmax",
                  in -> {
                    var extent = in.getFirst().aminmax(1);
                    return List.of(extent.min(), extent.max());
                  },
                  x(DISTINCT, 3, 4))
              .types(ALL),
          extreme("var", x -> x.var(), s(3, 4)).types(Sample.FLOATING),
          extreme("var of an axis", x -> x.var(0, Keep.AXES, 1), s(3, 4)).types(Sample.FLOATING),
          extreme("std", x -> x.std(1), s(3, 4)).types(Sample.FLOATING),
          fold("norm", x -> x.norm(), NONZERO),
          axis("norm 1", x -> x.norm(1, 0), NONZERO),
          axis("norm 3", x -> x.norm(3, Keep.AXES, -1), NONZERO),
          extreme("norm ∞", x -> x.norm(Double.POSITIVE_INFINITY, 1), s(3, 4))
              .types(Sample.FLOATING),
          Sample.of("dist", (a, b) -> a.dist(b, 2), x(3, 4), x(4)),
          axis("logsumexp", x -> x.logsumexp(1), ANY),
          Sample.of("sumTo", x -> x.sumTo(Shape.of(3, 1)), x(2, 3, 4)).types(NUMBERS));

  static final List<Sample> PLACES =
      List.of(
          place("argmax", x -> x.argmax()),
          place("argmax of an axis", x -> x.argmax(0)),
          place("argmin", x -> x.argmin(Keep.AXES, 1)),
          pair("max", x -> x.max(0)).types(ALL),
          pair("max, last axis", x -> x.max(Keep.AXES, -1)).types(ALL),
          pair("min", x -> x.min(1)).types(ALL));

  static final List<Sample> RUNNING =
      List.of(
          running("cumsum", x -> x.cumsum(0)).types(ALL),
          running("cumsum, last axis", x -> x.cumsum(-1)).types(ALL),
          running("cumprod", x -> x.cumprod(1)).types(ALL),
          running("logcumsumexp", x -> x.logcumsumexp(0)),
          pair("cummax", x -> x.cummax(0)).also(s()).also(s(3, 0)).types(ALL),
          pair("cummin", x -> x.cummin(-1)).also(s()).also(s(3, 0)).types(ALL));

  static final List<Sample> SORTING =
      List.of(
          pair("sort", x -> x.sort(0)).also(s(37)).also(s(3, 0)).types(ALL),
          pair("sort descending", x -> x.sort(1, Sort.Order.DESCENDING)).also(s(2, 0)).types(ALL),
          place("argsort", x -> x.argsort(-1)).also(s(40, 3)),
          pair("topk", x -> x.topk(2)).types(ALL).rejects(TensorIndexException.class, s(3, 1)),
          pair("topk ascending", x -> x.topk(2, 0, Sort.Order.ASCENDING)).types(ALL),
          pair("kthvalue", x -> x.kthvalue(2, 1)).types(ALL),
          Sample.of("median", x -> x.median(), x(DISTINCT, 3, 3)).types(ALL),
          pair("median of an axis", x -> x.median(1)).types(ALL));

  static final List<Sample> STATISTICS =
      List.of(
          quantile("quantile", x -> x.quantile(0.3)),
          quantile("quantile of an axis", x -> x.quantile(0.6, 0)).also(s(3, 37)),
          quantile("quantile higher", x -> x.quantile(0.3, 1, Quantile.Between.HIGHER)),
          quantile("quantile midpoint", x -> x.quantile(0.3, 1, Quantile.Between.MIDPOINT)),
          quantile("quantile nearest", x -> x.quantile(0.4, 1, Quantile.Between.NEAREST)),
          quantile("quantiles", x -> x.quantile(new double[] {0, 0.5, 1}, -1)),
          quantile("nanquantile", x -> x.nanquantile(0.3)),
          quantile("nanmedian", x -> x.nanmedian()),
          Sample.ofList(
                  "mode",
                  in -> {
                    Indexed<Tensor> mode = in.getFirst().mode(0);
                    return List.of(mode.values(), mode.indices());
                  },
                  Arg.constant(Domain.integers(0, 4), 9, 3))
              .also(s(1, 2))
              .types(ALL),
          Sample.of("cov", x -> x.cov(), x(3, 5))
              .also(s(5))
              .rejects(ShapeException.class, s(2, 2, 2)),
          Sample.of("cov, population", x -> x.cov(0), x(2, 6)),
          Sample.of("corrcoef", x -> x.corrcoef(), x(DISTINCT, 3, 5))
              .types(WIDE)
              .with(COMBINED)
              .within(Tolerance.CHAINED),
          Sample.of("diff", x -> x.diff(0), x(4, 3))
              .also(s(1, 2))
              .also(s(0, 3))
              .types(ALL)
              .with(MAY_ALIAS),
          Sample.of("diff twice", x -> x.diff(2, -1), x(2, 5)).types(ALL),
          Sample.of("trapezoid", y -> y.trapezoid(0.5, 1), x(3, 4)).also(s(2, 1)).types(NUMBERS),
          Sample.of("trapezoid at places", (y, x) -> y.trapezoid(x, 1), x(3, 4), x(4))
              .types(NUMBERS)
              .also(s(2, 4, 3), s(4))
              .rejects(ShapeException.class, s(3, 4), s(3)),
          Sample.of("cumulativeTrapezoid", y -> y.cumulativeTrapezoid(2, 0), x(4, 3))
              .types(NUMBERS),
          Sample.of(
                  "cumulativeTrapezoid at places",
                  (y, x) -> y.cumulativeTrapezoid(x, -1),
                  x(3, 4),
                  x(3, 4))
              .types(NUMBERS));

  private ReduceSamples() {}

  private static Sample fold(String name, UnaryOperator<Tensor> call, Domain domain) {
    return Sample.of(name, call, x(domain, 3, 4))
        .also(s())
        .also(s(0))
        .also(s(2, 3, 2))
        .rejects(TensorIndexException.class, in -> in.getFirst().sum(2))
        .with(NOT_FINITE);
  }

  private static Sample axis(String name, UnaryOperator<Tensor> call, Domain domain) {
    return Sample.of(name, call, x(domain, 3, 4))
        .also(s(2, 3, 2))
        .also(s(2, 0))
        .also(s(37, 33))
        .rejects(TensorIndexException.class, in -> in.getFirst().sum(-3))
        .rejects(ShapeException.class, in -> in.getFirst().sum(0, 0))
        .with(NOT_FINITE);
  }

  /// A fold whose operand must have elements that differ.
  private static Sample extreme(String name, UnaryOperator<Tensor> call, Shape shape) {
    return Sample.of(name, call, x(DISTINCT, shape.toArray()))
        .also(s(37, 3))
        .types(ALL)
        .with(NOT_FINITE);
  }

  private static Sample quantile(String name, UnaryOperator<Tensor> call) {
    return Sample.of(name, call, x(DISTINCT, 5, 4)).with(NOT_FINITE);
  }

  private static Sample place(String name, UnaryOperator<Tensor> call) {
    return Sample.of(name, call, x(DISTINCT, 3, 4))
        .also(s(2, 37))
        .types(ALL)
        .with(NOT_DIFFERENTIABLE)
        .rejects(TensorIndexException.class, in -> in.getFirst().argmax(5))
        .with(NOT_FINITE);
  }

  private static Sample pair(String name, Function<Tensor, Indexed<Tensor>> call) {
    return Sample.ofList(
            name,
            in -> {
              Indexed<Tensor> results = call.apply(in.getFirst());
              return List.of(results.values(), results.indices());
            },
            x(DISTINCT, 3, 4))
        .also(s(2, 3, 5))
        .with(NOT_FINITE);
  }

  private static Sample running(String name, UnaryOperator<Tensor> call) {
    return Sample.of(name, call, x(NONZERO, 3, 4))
        .also(s(2, 3, 2))
        .also(s(2, 0))
        .also(s(3, 40))
        .with(NOT_FINITE);
  }
}
