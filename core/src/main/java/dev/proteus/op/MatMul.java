package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The matrix product: a `[*, m, k]` times b `[*, k, n]` gives `[*, m, n]`, batch axes broadcast
/// together (rule MM-1).
///
/// Both operands have one element type, not bool (rules DT-8, MM-2). Operands with one axis are the
/// business of `matmul`.
public record MatMul() implements Composite, Differentiable {
  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Shape a = inputs.get(0).shape();
    Shape b = inputs.get(1).shape();
    Operands.sameType(name(), inputs);
    if (inputs.get(0).dtype() == DType.BOOL) {
      throw new DTypeException(
          "matmul: operands are bool; cast them to a number first (rule MM-2)");
    }
    Operands.atLeast(name(), "a", a, 2);
    Operands.atLeast(name(), "b", b, 2);
    if (a.size(-1) != b.size(-2)) {
      throw new ShapeException(
          "matmul: inner sizes differ: a is "
              + a
              + ", b is "
              + b
              + "; a's last must equal b's second to last");
    }
    Shape batch = Shape.broadcast(a.slice(0, a.rank() - 2), b.slice(0, b.rank() - 2), name());
    return List.of(inputs.get(0).withShape(batch.concat(Shape.of(a.size(-2), b.size(-1)))));
  }

  /// One fold over k of `a[…, m, k, 1] · b[…, 1, k, n]`, without a temporary.
  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
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
