package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The values along an axis in order, and their places before, as int64.
///
/// Equal values keep their order (rule DT-35). NaN counts as larger than any number: it comes last
/// in ascending order (rule DT-25), first in descending order.
///
/// @param axis axis from 0
/// @param order which values come first
public record Sort(int axis, Order order) implements Composite, Differentiable {
  /// Which values come first.
  public enum Order {
    ASCENDING,
    DESCENDING
  }

  @Override
  public String name() {
    return "sort";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    return List.of(x, x.withDType(DType.INT64));
  }

  /// The rank of a value is the number of values that precede it; its place is written there.
  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    T places = Along.places(x, axis);
    T ranks = ranks(x, places);
    T zeros = ranks.zeros(ranks.spec());
    T sources = places.expand(x.spec().shape());
    Scatter set = new Scatter(axis, Scatter.Mode.SET);
    T indices = zeros.call(set, List.of(zeros, ranks, sources));
    return List.of(Along.pick(x, indices, axis), indices);
  }

  private <T extends TensorOps<T>> T ranks(T x, T places) {
    DType dtype = x.spec().dtype();
    Expr value = Exprs.input(0, dtype);
    Expr other = Exprs.input(1, dtype);
    Expr earlier = Exprs.lt(Exprs.input(3, DType.INT64), Exprs.input(2, DType.INT64));
    Expr precedes =
        Exprs.or(before(other, value), Exprs.and(Exprs.not(before(value, other)), earlier));
    Reduce count =
        new Reduce(Reduce.Kind.SUM, Exprs.cast(DType.INT64, precedes), List.of(axis + 1));
    T ranks =
        x.call(
            count,
            List.of(
                x.unsqueeze(axis + 1),
                x.unsqueeze(axis),
                places.unsqueeze(axis + 1),
                places.unsqueeze(axis)));
    return ranks.reshape(x.spec().shape());
  }

  private Expr before(Expr a, Expr b) {
    return switch (order) {
      case ASCENDING -> less(a, b);
      case DESCENDING -> less(b, a);
    };
  }

  private static Expr less(Expr a, Expr b) {
    Expr number = Exprs.eq(a, a);
    return Exprs.or(Exprs.lt(a, b), Exprs.and(number, Formulas.isNan(b)));
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Along.INDICES;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Along.picked(g, axis);
  }
}
