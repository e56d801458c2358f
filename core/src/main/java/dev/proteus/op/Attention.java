package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
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
          operator
              + ": q is "
              + q
              + ", k is "
              + k
              + ", v is "
              + v
              + "; they must be [*, L, E], [*, S, E] and [*, S, Ev]");
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
          operator + ": mask is " + mask.dtype() + "; it must be bool or q's type, " + dtype);
    }
    if (!mask.shape().expandsTo(scores)) {
      throw new ShapeException(
          operator + ": mask " + mask.shape() + " does not expand to the scores " + scores);
    }
  }

  private static Shape batch(Shape shape) {
    return shape.slice(0, shape.rank() - 2);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Arrays.asList(null, null);
  }
}
