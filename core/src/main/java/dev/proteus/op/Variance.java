package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The mean square distance from the mean along axes, which stay with size 1 (rule DT-31).
///
/// @param axes axes from 0, ascending
/// @param correction what is taken off the number of values in the denominator; NaN where nothing
///   is left
public record Variance(List<Integer> axes, double correction) implements Composite, Differentiable {
  public Variance {
    axes = List.copyOf(axes);
  }

  @Override
  public String name() {
    return "var";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    Folding.floating(x.dtype(), name());
    return List.of(x.withShape(Folding.kept(x.shape(), axes)));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    DType wide = x.spec().dtype().accumulator();
    T mean = x.mean(wide, Keep.AXES, axesOf());
    Expr distance = Exprs.sub(Folding.elements(x.spec(), wide), Exprs.input(1, wide));
    Expr square = Exprs.mul(distance, distance);
    T squares = x.call(new Reduce(Reduce.Kind.SUM, square, axes), List.of(x, mean));
    return List.of(squares.div(denominator(x.spec())).to(x.spec().dtype()));
  }

  private double denominator(TensorSpec x) {
    return Math.max(0, Folding.count(x, axes) - correction);
  }

  private int[] axesOf() {
    return axes.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T x = g.input(0);
    DType wide = x.spec().dtype().accumulator();
    T distance = x.sub(x.mean(wide, Keep.AXES, axesOf()));
    T scaled = distance.mul(g.grad()).mul(2 / denominator(x.spec()));
    return Collections.singletonList(scaled.to(x.spec().dtype()));
  }
}
