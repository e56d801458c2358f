package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The logarithm of the sum of exponentials along axes, which stay with size 1.
///
/// The largest value is taken out of the sum, so that it cannot overflow; that of halves is kept in
/// float32.
///
/// @param axes axes from 0, ascending
public record LogSumExp(List<Integer> axes) implements Composite, Differentiable {
  public LogSumExp {
    axes = List.copyOf(axes);
  }

  @Override
  public String name() {
    return "logsumexp";
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
    TensorSpec spec = x.spec();
    if (Folding.count(spec, axes) == 0) {
      TensorSpec kept = infer(List.of(spec)).getFirst();
      return List.of(x.full(kept, Scalar.of(Double.NEGATIVE_INFINITY)));
    }
    DType wide = spec.dtype().accumulator();
    Expr elements = Folding.elements(spec, wide);
    T largest = Folding.fold(Reduce.Kind.MAX, x, elements, axes);
    T shift = largest.maskedFill(largest.isinf(), 0);
    Expr exponential = Exprs.exp(Exprs.sub(elements, Exprs.input(1, wide)));
    T sum = x.call(new Reduce(Reduce.Kind.SUM, exponential, axes), List.of(x, shift));
    return List.of(sum.log().add(shift).to(spec.dtype()));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.ALL;
  }

  /// The softmax of the operand times the gradient; where all values are -inf their share is 0.
  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T y = g.output();
    T shift = y.maskedFill(y.eq(Double.NEGATIVE_INFINITY), 0);
    return Collections.singletonList(g.input(0).sub(shift).exp().mul(g.grad()));
  }
}
