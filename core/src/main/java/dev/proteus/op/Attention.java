package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Scaled dot product attention: `softmax(q·kᵀ·scale + mask)·v`.
///
/// Operands: q `[*, L, E]`, k `[*, S, E]`, v `[*, S, Ev]` of one floating type, batch axes
/// broadcast together, and optionally a mask that expands to `[*, L, S]`: bool, true where a key is
/// seen, or of q's type, added. The result is `[*, L, Ev]`. A row that sees no key gives zeros
/// (Vaswani and others, "Attention is all you need", 2017).
///
/// @param scale factor of the products, `1/√E` as a rule
/// @param causality which keys a query sees apart from the mask
public record Attention(double scale, Causality causality) implements Composite, Differentiable {
  /// Which keys a query sees.
  public enum Causality {
    /// All of them.
    FULL,
    /// Those up to its own position, both counted from 0.
    CAUSAL
  }

  @Override
  public String name() {
    return "attention";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    return List.of(inputs.getFirst().withShape(check(name(), inputs)));
  }

  /// The shape of the result for operands q, k, v and perhaps a mask.
  static Shape check(String operator, List<TensorSpec> inputs) {
    Operands.floating(operator, inputs.subList(0, 3));
    Shape q = inputs.get(0).shape();
    Shape k = inputs.get(1).shape();
    Shape v = inputs.get(2).shape();
    Operands.atLeast(operator, "q", q, 2);
    Operands.atLeast(operator, "k", k, 2);
    Operands.atLeast(operator, "v", v, 2);
    if (q.size(-1) != k.size(-1) || k.size(-2) != v.size(-2)) {
      throw new ShapeException(
          "%s: q is %s, k is %s, v is %s; they must be [*, L, E], [*, S, E] and [*, S, Ev]"
              .formatted(operator, q, k, v));
    }
    Shape batch =
        Shape.broadcast(batch(q), Shape.broadcast(batch(k), batch(v), operator), operator);
    if (inputs.size() > 3) {
      checkMask(
          operator,
          inputs.get(3),
          inputs.getFirst().dtype(),
          batch.concat(Shape.of(q.size(-2), k.size(-2))));
    }
    return batch.concat(Shape.of(q.size(-2), v.size(-1)));
  }

  private static void checkMask(String operator, TensorSpec mask, DType dtype, Shape scores) {
    if (mask.dtype() != DType.BOOL && mask.dtype() != dtype) {
      throw new DTypeException(
          "%s: mask is %s; it must be bool or q's type, %s"
              .formatted(operator, mask.dtype(), dtype));
    }
    if (!mask.shape().expandsTo(scores)) {
      throw new ShapeException(
          "%s: mask %s does not expand to the scores %s".formatted(operator, mask.shape(), scores));
    }
  }

  private static Shape batch(Shape shape) {
    return shape.slice(0, shape.rank() - 2);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    return List.of(MatMul.product(weights(inputs), inputs.get(2)));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    List<T> operands = new ArrayList<>(List.of(grad));
    for (int i = 0; i < g.inputs(); i++) {
      operands.add(g.input(i));
    }
    boolean learned = g.inputs() > 3 && g.needs(3);
    AttentionBackward.Mask mask =
        learned ? AttentionBackward.Mask.LEARNED : AttentionBackward.Mask.CONSTANT;
    AttentionBackward backward = new AttentionBackward(scale, causality, mask);
    List<@Nullable T> grads = new ArrayList<>(grad.apply(backward, operands));
    while (grads.size() < g.inputs()) {
      grads.add(null);
    }
    return grads;
  }

  /// How much each query takes of each key, `[*, L, S]`, for operands q, k, v and perhaps a mask.
  <T extends TensorOps<T>> T weights(List<T> inputs) {
    T q = inputs.get(0);
    T scores = MatMul.product(q.mul(scale), inputs.get(1).mT());
    if (scores.spec().numel() == 0) {
      return scores;
    }
    if (causality == Causality.CAUSAL) {
      scores = causal(scores);
    }
    if (inputs.size() > 3) {
      T mask = inputs.get(3);
      scores =
          mask.spec().dtype() == DType.BOOL
              ? scores.maskedFill(mask.logicalNot(), Double.NEGATIVE_INFINITY)
              : scores.add(mask);
    }
    T max = scores.amax(Keep.AXES, -1);
    T e = scores.sub(max.maskedFill(max.eq(Double.NEGATIVE_INFINITY), 0)).exp();
    T sum = e.sum(Keep.AXES, -1);
    return e.div(sum.maskedFill(sum.eq(0), 1));
  }

  private static <T extends TensorOps<T>> T causal(T scores) {
    int rank = scores.spec().rank();
    Expr score = Folding.input(0, scores);
    Expr seen = Exprs.le(new Expr.Coord(rank - 1), new Expr.Coord(rank - 2));
    Expr masked = Exprs.where(seen, score, Exprs.like(score, Double.NEGATIVE_INFINITY));
    return scores.call(Map.of("causal", masked), List.of(scores));
  }
}
