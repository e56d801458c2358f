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
          "matmul: inner sizes differ: a is %s, b is %s; a's last must equal b's second to last"
              .formatted(a, b));
    }
    Shape batch = Shape.broadcast(a.slice(0, a.rank() - 2), b.slice(0, b.rank() - 2), name());
    return List.of(inputs.get(0).withShape(batch.concat(Shape.of(a.size(-2), b.size(-1)))));
  }

  /// One fold over k of `a[…, m, k, 1] · b[…, 1, k, n]`, without a temporary.
  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T a = inputs.get(0).unsqueeze(-1);
    T b = inputs.get(1).unsqueeze(-3);
    return List.of(Folding.sumOfProducts(a, b, -2).squeeze(-2));
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
    T grad = g.grad();
    T a = g.needs(0) ? product(grad, g.input(1).mT()).sumTo(g.spec(0).shape()) : null;
    return Arrays.asList(a, g.needs(1) ? secondGradient(g.input(0), grad, g.spec(1)) : null);
  }

  /// `aᵀ·g` summed over the batch axes that b does not have: for a single b, by one product.
  private static <T extends TensorOps<T>> T secondGradient(T a, T grad, TensorSpec b) {
    if (b.rank() == 2) {
      return product(rows(a).mT(), rows(grad));
    }
    return product(a.mT(), grad).sumTo(b.shape());
  }

  /// All axes but the last as one.
  static <T extends TensorOps<T>> T rows(T x) {
    Shape shape = x.spec().shape();
    return shape.rank() == 2
        ? x
        : x.reshape(Shape.of(shape.slice(0, shape.rank() - 1).numel(), shape.size(-1)));
  }

  /// The product of matrices or batches of them.
  static <T extends TensorOps<T>> T product(T a, T b) {
    return a.call(new MatMul(), List.of(a, b));
  }
}
